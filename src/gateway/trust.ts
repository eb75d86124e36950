import { randomUUID } from 'node:crypto';
import type { AccessKeyVault } from '../core/accounts/access-key-vault';
import type { Account } from '../core/accounts/account';
import { chosenPlugins } from '../core/accounts/chosen-plugins';
import type { AccountLifecycle } from '../core/accounts/account-lifecycle';
import type { AuditTrail } from '../core/audit/audit-trail';
import type { AwsClients } from '../core/aws/aws-clients';
import type { GatewayIdentity } from '../core/aws/gateway-identity';
import type { Sts } from '../core/aws/sts';
import type { Clock } from '../core/clock';
import type { Budget } from '../core/cost/budget';
import { countInto, type Payer, type UsageBook } from '../core/cost/usage-book';
import type { Bus } from '../core/live/bus';
import type { Logger } from '../core/logger';
import { PolicySplits } from '../core/credentials/policy-splits';
import type { SessionAudit } from '../core/credentials/session-audit';
import { AccessKeyVerifier } from '../core/trust/access-key-verifier';
import { DoorProver } from '../core/trust/door-prover';
import { ExternalIdRotation } from '../core/trust/external-id-rotation';
import { PermissionProber } from '../core/trust/permission-prober';
import { RoleProber } from '../core/trust/role-prober';
import { RoleVerifier } from '../core/trust/role-verifier';
import { TrustWatch } from '../core/trust/trust-watch';
import type { Database } from '../db';
import type { Limits } from './options';
import type { PluginRegistry } from '../plugins/registry';

/** The room of trust: proofs, rotations, and the watch over both. */
export function buildTrust(parts: {
  audit: AuditTrail;
  budget: Budget;
  bus: Bus;
  clients: AwsClients;
  clock: Clock;
  database: Database;
  dropped: (accountId: number) => AbortSignal;
  identity: GatewayIdentity;
  lifecycle: AccountLifecycle;
  limits: Limits;
  log: Logger;
  plugins: PluginRegistry;
  sessionAudit: SessionAudit;
  sts: Sts;
  usage: UsageBook;
  vault: AccessKeyVault;
}) {
  const { audit, clients, clock, database, identity, lifecycle, limits, plugins, sessionAudit, sts } = parts;
  const { accounts, externalIds } = database;
  const newExternalId = randomUUID;
  const pluginsOf = (account: Account) => chosenPlugins(plugins.list(), account);
  const meterOf = (payer: Payer) => parts.usage.meter(payer);
  const calls = (payer: Payer) => countInto(meterOf(payer));
  const prober = new RoleProber({ sts, audit, calls });
  const permissions = new PermissionProber({ clients, clock, meterOf, timeLimitMs: limits.probeMs });
  const door = new DoorProver({
    sts,
    prober,
    calls,
    clock,
    newExternalId,
    decoyExternalId: () => externalIds.decoy(newExternalId(), clock.now()),
  });
  const splits = new PolicySplits(parts.log);
  const roles = new RoleVerifier({
    sts,
    clients,
    door,
    permissions,
    identity,
    sessionAudit,
    splits,
    calls,
    clock,
    pluginsOf,
  });
  const keys = new AccessKeyVerifier({ sts, sessionAudit, clients, permissions, calls, clock, pluginsOf });
  const rotation = new ExternalIdRotation({
    accounts,
    externalIds,
    lifecycle,
    prober,
    clock,
    newExternalId,
  });
  const trust = new TrustWatch({ ...parts, accounts, externalIds, roles, keys, rotation });
  return { roles, keys, rotation, trust };
}
