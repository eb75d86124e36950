import { createHash } from 'node:crypto';
import { GATEWAY_ACTOR, type AuditAction, type AuditTrail } from '../audit/audit-trail';
import { describeAwsError, isAwsError } from '../aws/aws-error';
import type { AssumedRole, AssumeRoleRequest, FederationRequest } from '../aws/sts';
import type { Logger } from '../logger';
import { PackedPolicySizes } from './packed-policy-sizes';
import type { AskedPurpose, MintReason } from './session';

/** What the audit log tells of a call of STS beside the request itself. */
interface Asked {
  /** Null for the gateway's own role. */
  accountId: number | null;
  /** Which external ID a role is asked with; null where it is asked without. */
  externalId: 'ACTIVE' | 'FALLBACK' | null;
  purpose: AskedPurpose;
  why: MintReason | 'proof';
}

/** Through here goes every call of STS for credentials that are used: it is written down before they are. */
export class SessionAudit {
  private readonly sizes: PackedPolicySizes;

  constructor(
    private readonly options: {
      audit: AuditTrail;
      /** Its log tells of the gateway's own role. */
      rootTenant: () => Promise<{ id: number } | null>;
      log: Logger;
    },
  ) {
    this.sizes = new PackedPolicySizes(options.log);
  }

  /** @throws what STS answers; the signal's reason; when it cannot be stored: nobody gets the session then. */
  async ask<Request extends AssumeRoleRequest | FederationRequest>(
    request: Request,
    asked: Asked,
    call: (request: Request, signal?: AbortSignal) => Promise<AssumedRole>,
    signal?: AbortSignal,
  ): Promise<AssumedRole> {
    let session: AssumedRole;
    try {
      session = await call(request, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const { code, fault } = describeAwsError(error);
      // That STS could not be asked, or not by this gateway, is no refusal.
      const isJudged = isAwsError(error) && fault !== 'unavailable' && fault !== 'throttled';
      if (isJudged) await this.record('session.refused', request, asked, { code });
      throw error;
    }
    const { packedPolicySize, expiresAt } = session;
    this.sizes.observe(asked.purpose, packedPolicySize);
    const action = 'roleArn' in request ? 'session.assumed' : 'session.federated';
    const detail = { packedPolicySize, expiresAt: new Date(expiresAt).toISOString() };
    await this.record(action, request, asked, detail);
    return session;
  }

  private async record(
    action: AuditAction,
    request: AssumeRoleRequest | FederationRequest,
    { accountId, ...asked }: Asked,
    detail: Record<string, unknown>,
  ): Promise<void> {
    const { audit, rootTenant } = this.options;
    const tenantId = request.tenantId ?? (await rootTenant())?.id;
    if (tenantId === undefined) throw new Error('There is no root tenant yet');
    const isRole = 'roleArn' in request;
    await audit.record({
      tenantId,
      actor: GATEWAY_ACTOR,
      action,
      target: accountId === null ? null : { type: 'Account', id: accountId },
      accountId,
      detail: {
        roleArn: isRole ? request.roleArn : null,
        accessKeyEnding: isRole ? null : request.credentials.accessKeyId.slice(-4),
        sessionName: isRole ? request.sessionName : request.name,
        policySha256: createHash('sha256').update(request.policy).digest('hex'),
        ...asked,
        ...detail,
      },
    });
  }
}
