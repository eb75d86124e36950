import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatCheckpoint, parseCheckpoint, type AuditCheckpoint } from './audit-checkpoint';

/**
 * The checkpoints outside the database: a line of JSON for each, only ever added to, so that it can be shipped as a log
 * is. A file that is missing holds none.
 */
export class CheckpointFile {
  constructor(private readonly path: string) {}

  /** Resolves once they are on the disk. */
  async append(checkpoints: readonly AuditCheckpoint[]): Promise<void> {
    if (checkpoints.length === 0) return;
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const file = await open(this.path, 'a+', 0o600);
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, Math.max(size - 1, 0));
      // A crash may have cut the last line.
      const isCut = bytesRead === 1 && buffer.toString() !== '\n';
      const lines = checkpoints.map((checkpoint) => `${formatCheckpoint(checkpoint)}\n`);
      await file.appendFile(`${isCut ? '\n' : ''}${lines.join('')}`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Line by line; what is no checkpoint is passed over. */
  async *read(): AsyncIterable<AuditCheckpoint> {
    const file = await open(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (!file) return;
    for await (const line of file.readLines()) {
      const checkpoint = parseCheckpoint(line);
      if (checkpoint) yield checkpoint;
    }
  }

  /** The signature of the last one; null when there is none. */
  async lastSignature(): Promise<string | null> {
    let last: string | null = null;
    for await (const { signature } of this.read()) last = signature;
    return last;
  }
}
