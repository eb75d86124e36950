import type { Clock } from '../clock';
import type { Logger } from '../logger';
import type { AuditKey } from './audit-key';
import type { CheckpointStore } from './audit-repository';
import type { CheckpointFile } from './checkpoint-file';

/**
 * Signs how far each tenant's chain has come. What was written before a checkpoint cannot be cut off or written anew
 * without the key; a copy of the checkpoints elsewhere shows even the loss of whole files.
 */
export class AuditCheckpoints {
  private last: Promise<void> = Promise.resolve();
  /** The last one in the file; undefined until it was looked for. */
  private written: string | null | undefined;

  constructor(
    private readonly options: {
      store: CheckpointStore;
      file: CheckpointFile;
      key: AuditKey;
      clock: Pick<Clock, 'now'>;
      log: Pick<Logger, 'error'>;
    },
  ) {}

  /** Signs every chain that has grown since its last checkpoint. One call after the other. */
  make(): Promise<void> {
    const made = this.last.then(() => this.sign());
    this.last = made.catch(() => undefined);
    return made;
  }

  /** As `make`, and never rejects: what failed is made up with the next one. */
  async tick(): Promise<void> {
    try {
      await this.make();
    } catch (error) {
      this.options.log.error(
        { err: error },
        'The audit log could not be signed; the next checkpoint makes up for it',
      );
    }
  }

  /** First the database, then the file: a crash in between leaves the file behind, and it catches up here. */
  private async sign(): Promise<void> {
    const { store, file, key, clock } = this.options;
    await store.signHeads((head) => key.sign({ ...head, at: clock.now() }));
    this.written ??= await file.lastSignature();
    const unwritten = await store.checkpointsAfter(this.written);
    await file.append(unwritten);
    this.written = unwritten.at(-1)?.signature ?? this.written;
  }
}
