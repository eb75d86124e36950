import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditKey } from './audit-key';
import { CheckpointFile } from './checkpoint-file';

const key = new AuditKey(Buffer.alloc(32, 1));
const checkpoint = (sequence: number) =>
  key.sign({ tenantId: 1, sequence, hash: 'ab'.repeat(32), at: sequence, previous: null });

describe('the file of checkpoints', () => {
  let folder: string;
  let path: string;
  let file: CheckpointFile;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rolecall-checkpoints-'));
    path = join(folder, 'data', 'audit-checkpoints.jsonl');
    file = new CheckpointFile(path);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = async () => {
    const sequences: number[] = [];
    for await (const { sequence } of file.read()) sequences.push(sequence);
    return sequences;
  };

  it('is none at first, and grows by a line for each', async () => {
    expect(await read()).toEqual([]);
    expect(await file.lastSignature()).toBeNull();
    await file.append([]);
    await file.append([checkpoint(1), checkpoint(2)]);
    await new CheckpointFile(path).append([checkpoint(3)]);
    expect(await read()).toEqual([1, 2, 3]);
    expect(await file.lastSignature()).toBe(checkpoint(3).signature);
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.map((line) => line && JSON.parse(line).sequence)).toEqual([1, 2, 3, '']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes on behind a line that a crash has cut', async () => {
    await file.append([checkpoint(1)]);
    appendFileSync(path, '{"at":2,"hash":"ab');
    expect(await file.lastSignature()).toBe(checkpoint(1).signature);
    await file.append([checkpoint(2)]);
    expect(await read()).toEqual([1, 2]);
  });

  it('passes over what is no checkpoint', async () => {
    appendFileSync(join(folder, 'other'), `null\n{}\n"x"\n{"sequence":1}\n`);
    file = new CheckpointFile(join(folder, 'other'));
    expect(await read()).toEqual([]);
  });
});
