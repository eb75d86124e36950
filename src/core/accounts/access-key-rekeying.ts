import type { AuditRecord } from '../audit/audit-trail';
import type { Clock } from '../clock';
import type { Sealer } from '../credentials/sealing/sealer';
import { ConflictError, type ErrorCode } from '../errors';
import { accessKeyContext } from './access-key-vault';
import type { SealedAccessKey, SealedKeyRepository } from './sealed-key-repository';

export interface RekeyReport {
  /** How many were wrapped anew. */
  rewrapped: number;
  /** How many need which key now: the gateway's own keys, the one that seals first, then others that were met. */
  rowsByKeyId: ReadonlyMap<string, number>;
  /** Those that do not open, and so are left as they were. */
  failures: { accountId: number; code: ErrorCode; message: string }[];
}

/** Rows that are read at once. */
const PAGE = 200;

/**
 * Wraps every stored access key by the first key-encryption key, row by row while others read and write them: what opens
 * before a step opens after it. Killed at any point, it goes on when it is run again.
 */
export class AccessKeyRekeying {
  constructor(
    private readonly options: {
      keys: SealedKeyRepository;
      sealer: Sealer;
      clock: Clock;
      /** Who does it, in the audit log. */
      actor: string;
    },
  ) {}

  /**
   * Passes over the rows until one finds nothing to do, so that those that were stored or changed meanwhile are met too.
   * @throws AwsCallFailedError when a key is kept by AWS, which does not answer as needed: run it again.
   */
  async run(): Promise<RekeyReport> {
    let rewrapped = 0;
    for (;;) {
      const pass = await this.pass();
      rewrapped += pass.rewrapped;
      if (pass.isSettled) return { ...pass, rewrapped };
    }
  }

  private async pass(): Promise<RekeyReport & { isSettled: boolean }> {
    const { keys, sealer } = this.options;
    const rowsByKeyId = new Map(sealer.keyIds.map((id) => [id, 0]));
    const failures: RekeyReport['failures'] = [];
    let rewrapped = 0;
    let isSettled = true;
    let after = 0;
    for (;;) {
      const rows = await keys.page(after, PAGE);
      if (rows.length === 0) return { rewrapped, rowsByKeyId, failures, isSettled };
      for (const row of rows) {
        try {
          const keyId = sealer.keyIdOf(row.sealed);
          rowsByKeyId.set(keyId, (rowsByKeyId.get(keyId) ?? 0) + 1);
          const outcome = await this.rewrap(row);
          if (outcome === 'REWRAPPED') rewrapped += 1;
          if (outcome !== 'UNCHANGED') isSettled = false;
        } catch (error) {
          if (!(error instanceof ConflictError)) throw error;
          failures.push({ accountId: row.accountId, code: error.code, message: error.message });
        }
      }
      after = rows.at(-1)!.accountId;
    }
  }

  private async rewrap({
    accountId,
    tenantId,
    sealed,
  }: SealedAccessKey): Promise<'UNCHANGED' | 'REWRAPPED' | 'OVERTAKEN'> {
    const { keys, sealer, clock, actor } = this.options;
    const rewrapped = await sealer.rewrap(sealed, accessKeyContext({ id: accountId, tenantId }));
    if (rewrapped === sealed) return 'UNCHANGED';
    const audit: AuditRecord = {
      tenantId,
      actor,
      action: 'secret.rewrapped',
      target: { type: 'Account', id: accountId },
      accountId,
      detail: { what: 'access key', from: sealer.keyIdOf(sealed), to: sealer.keyIdOf(rewrapped) },
    };
    const isReplaced = await keys.replace(accountId, sealed, rewrapped, audit, clock.now());
    return isReplaced ? 'REWRAPPED' : 'OVERTAKEN';
  }
}
