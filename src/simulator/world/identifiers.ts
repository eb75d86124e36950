import { createHash } from 'node:crypto';

/** Where a resource is. */
export interface Location {
  accountId: string;
  region: string;
}

/** When resources are said to have been made, unless they say otherwise. */
export const defaultCreationTime = new Date('2024-03-04T09:12:00.000Z');

/** `length` hexadecimal characters (at most 64) that are always the same for the same parts. */
export function stableHex(length: number, ...parts: Array<string | number>): string {
  return createHash('sha256').update(parts.join('/')).digest('hex').slice(0, length);
}

/** A number from 0 to `limit - 1` that is always the same for the same parts. */
export function stableNumber(limit: number, ...parts: Array<string | number>): number {
  return parseInt(stableHex(8, ...parts), 16) % limit;
}

/** The id of the one VPC of an account and Region. */
export function vpcIdOf({ accountId, region }: Location): string {
  return `vpc-0${stableHex(16, 'vpc', accountId, region)}`;
}

/** The id of the subnet of an availability zone. */
export function subnetIdOf({ accountId }: Location, zone: string): string {
  return `subnet-0${stableHex(16, 'subnet', accountId, zone)}`;
}

/** A security group id by its name. */
export function securityGroupIdOf({ accountId, region }: Location, name: string): string {
  return `sg-0${stableHex(16, 'sg', accountId, region, name)}`;
}

/** Tags from a plain record. */
export function tagList(tags: Record<string, string>): Array<{ Key: string; Value: string }> {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
