import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { RoleSession } from './arn';
import type { AwsClients } from './aws-clients';
import type { GatewayCredentials } from './gateway-credentials';
import { PARTITIONS } from './partition';

/** The role that the gateway itself runs as. */
export class OwnRole {
  constructor(private readonly options: { clients: AwsClients; gateway: Pick<GatewayCredentials, 'of'> }) {}

  /** Its ARN with its path, which only IAM tells. @throws what the SDK throws: AccessDenied where it may not be asked. */
  async arn({ partition, roleName }: RoleSession): Promise<string> {
    const { clients, gateway } = this.options;
    const iam = clients.create(IAMClient, {
      credentials: await gateway.of(partition),
      region: PARTITIONS[partition].homeRegion,
      allowedActions: new Set(['iam:GetRole']),
    });
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleName }));
    return Role?.Arn ?? '';
  }
}
