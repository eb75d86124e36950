import type { Configuration } from '../config/settings';
import type { AwsClients, AwsCredentials } from '../core/aws/aws-clients';
import { ChainCredentials, type GatewayCredentials } from '../core/aws/gateway-credentials';
import type { GatewayOptions } from './options';

/** What the gateway itself calls AWS with: what a test or the demo gives, or what the SDK's default chain and the configured profiles find. */
export function buildGatewayCredentials(
  { awsProfiles }: Pick<Configuration, 'awsProfiles'>,
  clients: AwsClients,
  { gatewayCredentials: given }: Pick<GatewayOptions, 'gatewayCredentials'>,
): GatewayCredentials {
  if (!given) return new ChainCredentials({ clients, profiles: awsProfiles ?? {} });
  let held: Promise<AwsCredentials> | null = null;
  return {
    of: () => (held ??= given()),
    forget: () => {
      held = null;
    },
  };
}
