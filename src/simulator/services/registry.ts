import { cloudWatchService } from './cloudwatch';
import { ec2Service } from './ec2';
import { elbService } from './elb';
import { elbv2Service } from './elbv2';
import { iamService } from './iam';
import { kmsService } from './kms';
import { rdsService } from './rds';
import type { JsonService, QueryService } from './service';
import { stsService } from './sts';

const queryServices: QueryService[] = [
  stsService,
  iamService,
  ec2Service,
  rdsService,
  elbService,
  elbv2Service,
];
const jsonServices: JsonService[] = [cloudWatchService, kmsService];

/** The Query service of a signing name and API version; one of the two may be unknown. */
export function findQueryService(
  signingName: string | undefined,
  version: string | undefined,
): QueryService | undefined {
  const named = queryServices.filter(
    (service) => signingName === undefined || service.signingName === signingName,
  );
  return (
    named.find((service) => service.version === version) ?? (signingName === undefined ? undefined : named[0])
  );
}

/** The JSON service of a target prefix, for example `GraniteServiceVersion20100801`. */
export function findJsonService(target: string): JsonService | undefined {
  return jsonServices.find((service) => service.target === target);
}
