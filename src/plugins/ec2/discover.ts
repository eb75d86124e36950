import { DescribeInstancesCommand, EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { tagRecord, type DiscoverContext, type PermissionProbe } from '../contract';
import { instanceAttributes } from './instance';

/** EC2: DescribeInstances answers at most 1,000 a page. */
const PAGE_SIZE = 1000;

/** Every instance of the Region, tagged or not. A terminated one is gone, though EC2 shows it for an hour. */
export async function* discoverInstances({ aws, region, account }: DiscoverContext) {
  const client = aws.client(EC2Client);
  for await (const page of paginateDescribeInstances({ client, pageSize: PAGE_SIZE }, {})) {
    for (const found of (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances)) {
      if (found.State?.Name === 'terminated') continue;
      const tags = tagRecord(found.Tags);
      yield {
        type: 'ec2:instance' as const,
        arn: `arn:${account.partition}:ec2:${region}:${account.id}:instance/${found.InstanceId}`,
        name: tags.Name ?? found.InstanceId ?? null,
        tags,
        attributes: instanceAttributes(found),
      };
    }
  }
}

/** EC2 answers DryRunOperation where the call is allowed, and lists nothing. */
export const probeInstances: PermissionProbe = ({ aws }) =>
  aws.client(EC2Client).send(new DescribeInstancesCommand({ DryRun: true }));
