import { AwsError } from '../protocol/aws-error';
import { pageOf } from '../protocol/page';
import { queryProtocol } from '../protocol/query';
import type { QueryParameters } from '../protocol/query-parameters';
import type { ResultTree } from '../protocol/protocol';
import type { DbInstance } from '../world/types';
import type { Call, QueryService } from './service';

/** DB instances a page: bounds of MaxRecords; the maximum is the default. */
const pageSizes = { min: 20, max: 100 };

/** Amazon RDS. */
export const rdsService: QueryService = {
  iamPrefix: 'rds',
  signingName: 'rds',
  protocol: queryProtocol,
  version: '2014-10-31',
  xmlNamespace: 'http://rds.amazonaws.com/doc/2014-10-31/',
  resource: ({ region, caller: { account } }, parameters) =>
    parameters.get('ResourceName') ??
    `arn:${account.partition}:rds:${region}:${account.id}:db:${parameters.get('DBInstanceIdentifier') ?? '*'}`,
  actions: { DescribeDBInstances: describeDbInstances, ListTagsForResource: listTagsForResource },
};

function describeDbInstances({ parameters, resources }: Call<QueryParameters>): ResultTree {
  const pageSize = parameters.integer('MaxRecords', pageSizes, 'InvalidParameterValue') ?? pageSizes.max;
  const filter = parameters.get('Filters.Filter.1.Name');
  if (filter !== undefined)
    throw new AwsError('InvalidParameterValue', `Unrecognized filter name: ${filter}`);
  const identifier = parameters.get('DBInstanceIdentifier');
  if (identifier !== undefined && !resources.dbInstances.has(identifier)) {
    throw new AwsError('DBInstanceNotFound', `DBInstance ${identifier} not found.`, 404);
  }
  const all = [...resources.dbInstances.values()];
  const dbInstances = all.filter(
    (item) => identifier === undefined || item.DBInstanceIdentifier === identifier,
  );
  const page = pageOf(dbInstances, pageSize, parameters.get('Marker'));
  if (!page) throw new AwsError('InvalidParameterValue', 'Invalid or expired marker.');
  return { DBInstances: { DBInstance: page.items.map(dbInstanceElement) }, Marker: page.nextToken };
}

/** The world keeps DB instances in the API's own names; only lists get their item element. */
function dbInstanceElement({ TagList, ...dbInstance }: DbInstance): ResultTree {
  return { ...dbInstance, TagList: { Tag: TagList.map((tag) => ({ ...tag })) } };
}

function listTagsForResource({ parameters, resources }: Call<QueryParameters>): ResultTree {
  const arn = parameters.require('ResourceName');
  const dbInstance = [...resources.dbInstances.values()].find(({ DBInstanceArn }) => DBInstanceArn === arn);
  if (!dbInstance) throw new AwsError('DBInstanceNotFound', `DBInstance ${arn} not found.`, 404);
  return { TagList: { Tag: dbInstance.TagList.map((tag) => ({ ...tag })) } };
}
