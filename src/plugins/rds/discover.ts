import { DescribeDBInstancesCommand, paginateDescribeDBInstances, RDSClient } from '@aws-sdk/client-rds';
import { tagRecord, type DiscoverContext, type PermissionProbe } from '../contract';
import { dbInstanceAttributes } from './db-instance';

/** RDS: DescribeDBInstances answers at most 100 a page. */
const PAGE_SIZE = 100;

/** Services that share RDS's API: their instances publish in namespaces of their own. */
const FOREIGN_ENGINES = /^(neptune|docdb)/;

/** Every DB instance of the Region, tagged or not. */
export async function* discoverDbInstances({ aws }: DiscoverContext) {
  const client = aws.client(RDSClient);
  for await (const page of paginateDescribeDBInstances({ client, pageSize: PAGE_SIZE }, {})) {
    for (const found of page.DBInstances ?? []) {
      if (FOREIGN_ENGINES.test(found.Engine ?? '')) continue;
      const tags = tagRecord(found.TagList);
      yield {
        type: 'rds:db-instance' as const,
        arn: found.DBInstanceArn!,
        name: tags.Name ?? found.DBInstanceIdentifier!,
        tags,
        attributes: dbInstanceAttributes(found),
      };
    }
  }
}

/** The smallest page that RDS has. */
export const probeDbInstances: PermissionProbe = ({ aws }) =>
  aws.client(RDSClient).send(new DescribeDBInstancesCommand({ MaxRecords: 20 }));
