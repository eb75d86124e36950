/**
 * What a sealed text belongs to. It opens for nothing else, so that a row moved to another account or tenant is of no
 * use.
 */
export interface SealContext {
  tenantId: number;
  accountId: number;
  /** The field's name, for example `access-key`. */
  field: string;
}

/** The context as additional data of AES-GCM. `purpose` keeps what is bound for one use from opening in another. */
export function additionalData(purpose: string, { tenantId, accountId, field }: SealContext): Buffer {
  return Buffer.from(`rolecall|${purpose}|tenant:${tenantId}|account:${accountId}|${field}`);
}
