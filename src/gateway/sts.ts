import type { Configuration } from '../config/settings';
import { parseRoleArn } from '../core/aws/arn';
import type { AwsClients } from '../core/aws/aws-clients';
import type { GatewayCredentials } from '../core/aws/gateway-credentials';
import { Sts } from '../core/aws/sts';
import { StsCalls } from '../core/aws/sts-calls';
import { StsGate } from '../core/aws/sts-gate';
import { StsRegions } from '../core/aws/sts-regions';
import { systemClock, type Clock, type Random } from '../core/clock';
import { GatewayRole } from '../core/credentials/gateway-role';
import type { SessionAudit } from '../core/credentials/session-audit';
import type { Logger } from '../core/logger';
import type { Limits } from './options';

/** STS as the gateway's own role, where one is configured; as what it starts from otherwise. */
export function buildSts(
  { gatewayRoleArns, stsRegion }: Pick<Configuration, 'gatewayRoleArns' | 'stsRegion'>,
  parts: {
    /** What the gateway starts from. */
    base: GatewayCredentials;
    clients: AwsClients;
    clock: Clock;
    limits: Limits;
    log: Logger;
    random: Random;
    sessionAudit: SessionAudit;
  },
): Sts {
  const { base, clients, clock, limits } = parts;
  const calls = new StsCalls({
    clients,
    gate: new StsGate({ atOnce: limits.stsAtOnce, perSecond: limits.stsPerSecond, clock: systemClock }),
    regions: new StsRegions({ preferred: stsRegion, clock }),
    timeLimitMs: limits.stsMs,
  });
  const sts = new Sts({ calls, gateway: base });
  const roles = (gatewayRoleArns ?? []).flatMap((arn) => parseRoleArn(arn) ?? []);
  const roleArns = Object.fromEntries(roles.map(({ partition, arn }) => [partition, arn]));
  return new Sts({ calls, gateway: new GatewayRole({ ...parts, sts, roleArns }) });
}
