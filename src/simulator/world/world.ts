import { buildClassicLoadBalancer, buildLoadBalancer, buildTargetGroup } from './build-load-balancers';
import { buildDbInstance, type NewDbInstance } from './build-db-instance';
import { buildInstance, type NewInstance } from './build-instance';
import type { NewClassicLoadBalancer, NewLoadBalancer, NewTargetGroup } from './build-load-balancers';
import { sourceKey, type Dimension } from '../metrics/dimensions';
import type { NativePeriod } from '../metrics/metric-source';
import { buildKmsKey, type KmsKey, type NewKmsKey } from './build-kms-key';
import {
  buildRole,
  buildUser,
  rebuildRole,
  type NewRole,
  type NewUser,
  type RoleChanges,
} from './build-principals';
import { partitionOfRegion, partitions, type Partition } from './partitions';
import type {
  ClassicLoadBalancer,
  DailyIncident,
  DbInstance,
  Ec2Instance,
  LoadBalancer,
  QuietTime,
  RegionResources,
  SimulatedAccount,
  SimulatedRole,
  SimulatedUser,
  TargetGroup,
} from './types';

/** An account to add; a new one has the home Region of its partition alone when no Regions are named. */
export interface NewAccount {
  /** Twelve digits. */
  id: string;
  name?: string;
  /** For good; by default that of the first Region named, or `aws`. */
  partition?: Partition;
  enabledRegions?: string[];
  /** Regions in which STS answers RegionDisabledException for this account. */
  stsDisabledRegions?: string[];
}

/** Metrics to publish under one set of dimensions. */
export interface NewMetrics {
  accountId: string;
  region: string;
  namespace: string;
  dimensions: readonly Dimension[];
  names: readonly string[];
  /** Seconds between points, 60 by default. A daily point comes when its day has ended. */
  period?: NativePeriod;
  /** The unit of a point by its timestamp, for metrics that change it. A query that asks for a unit gets the points of that unit alone. */
  unitAt?: (timestamp: number) => string;
}

/** Everything that exists in the simulated cloud. Change it at will while the simulator runs. */
export class World {
  readonly accounts = new Map<string, SimulatedAccount>();
  readonly incidents: DailyIncident[] = [];
  readonly quietTimes: QuietTime[] = [];
  private serial = 0;

  /** The account of an id. */
  account(id: string): SimulatedAccount | undefined {
    return this.accounts.get(id);
  }

  /** Adds an account, or changes the name and Regions of the one that is there. */
  addAccount({ id, name, enabledRegions, stsDisabledRegions, ...input }: NewAccount): SimulatedAccount {
    if (!/^\d{12}$/.test(id)) throw new Error(`An account id is twelve digits: ${id}`);
    const present = this.accounts.get(id);
    const partition =
      input.partition ??
      present?.partition ??
      partitionOfRegion(enabledRegions?.[0] ?? partitions.aws.homeRegion);
    const strayRegion = enabledRegions?.find((region) => partitionOfRegion(region) !== partition);
    if (strayRegion !== undefined || (present && present.partition !== partition)) {
      throw new Error(`Account ${id} is of the partition ${partition}, for good and in all its Regions`);
    }
    const account: SimulatedAccount = present ?? {
      id,
      name: `account-${id}`,
      partition,
      enabledRegions: new Set([partitions[partition].homeRegion]),
      stsDisabledRegions: new Set(),
      users: new Map(),
      roles: new Map(),
      regions: new Map(),
    };
    if (name !== undefined) account.name = name;
    if (enabledRegions !== undefined) account.enabledRegions = new Set(enabledRegions);
    if (stsDisabledRegions !== undefined) account.stsDisabledRegions = new Set(stsDisabledRegions);
    this.accounts.set(id, account);
    return account;
  }

  /** Adds or replaces an IAM user. */
  addUser(input: NewUser): SimulatedUser {
    const account = this.accountOrThrow(input.accountId);
    const user = buildUser(input, account.partition);
    account.users.set(user.name, user);
    return user;
  }

  /** Adds or replaces a role. */
  addRole(input: NewRole): SimulatedRole {
    const account = this.accountOrThrow(input.accountId);
    const role = buildRole(input, account.partition);
    account.roles.set(role.arn, role);
    return role;
  }

  /** Changes a role where it stands: its sessions live on. Throws when there is none of this ARN. */
  changeRole(arn: string, changes: RoleChanges): SimulatedRole {
    const found = this.role(arn);
    if (!found) throw new Error(`No such role: ${arn}`);
    const role = rebuildRole(found.role, changes);
    found.account.roles.set(arn, role);
    return role;
  }

  /** Adds or replaces an instance. */
  addInstance(input: NewInstance): Ec2Instance {
    const instance = buildInstance(input, ++this.serial);
    this.resources(input.accountId, input.region).instances.set(instance.InstanceId, instance);
    return instance;
  }

  /** `count` instances of one kind. */
  addInstances({ count, ...input }: NewInstance & { count: number }): Ec2Instance[] {
    return Array.from({ length: count }, () => this.addInstance(input));
  }

  /** Adds or replaces a DB instance. */
  addDbInstance(input: NewDbInstance): DbInstance {
    const dbInstance = buildDbInstance(input, ++this.serial);
    this.resources(input.accountId, input.region).dbInstances.set(
      dbInstance.DBInstanceIdentifier,
      dbInstance,
    );
    return dbInstance;
  }

  /** Adds or replaces a classic load balancer. */
  addClassicLoadBalancer(input: NewClassicLoadBalancer): ClassicLoadBalancer {
    const balancer = buildClassicLoadBalancer(input, ++this.serial);
    this.resources(input.accountId, input.region).classicLoadBalancers.set(
      balancer.LoadBalancerName,
      balancer,
    );
    return balancer;
  }

  /** Adds or replaces an application, network or gateway load balancer. */
  addLoadBalancer(input: NewLoadBalancer): LoadBalancer {
    const balancer = buildLoadBalancer(input, ++this.serial);
    this.resources(input.accountId, input.region).loadBalancers.set(balancer.LoadBalancerArn, balancer);
    return balancer;
  }

  /** Adds or replaces a target group. */
  addTargetGroup(input: NewTargetGroup): TargetGroup {
    const group = buildTargetGroup(input, ++this.serial);
    this.resources(input.accountId, input.region).targetGroups.set(group.TargetGroupArn, group);
    return group;
  }

  /** Adds a KMS key, or changes the aliases and state of the one that is there; its material stays. An alias moves. */
  addKmsKey(input: NewKmsKey): KmsKey {
    const { kmsKeys } = this.resources(input.accountId, input.region);
    const key = buildKmsKey(input, input.keyId === undefined ? undefined : kmsKeys.get(input.keyId));
    for (const other of kmsKeys.values()) {
      other.aliases = other.aliases.filter((alias) => !key.aliases.includes(alias));
    }
    kmsKeys.set(key.KeyId, key);
    return key;
  }

  /** Metrics of any service, or of the customer's own; those of this namespace and these dimensions are replaced. */
  publishMetrics({ accountId, region, namespace, dimensions, names, period = 60, unitAt }: NewMetrics): void {
    this.resources(accountId, region).publishedMetrics.set(sourceKey(namespace, dimensions), {
      namespace,
      dimensions: [...dimensions],
      metrics: new Map(names.map((name) => [name, period])),
      isActive: true,
      ...(unitAt && { unitAt }),
    });
  }

  /** The resources of an account in a Region; made empty at the first call. Throws when the account is unknown. */
  resources(accountId: string, region: string): RegionResources {
    const { regions } = this.accountOrThrow(accountId);
    let resources = regions.get(region);
    if (!resources) {
      resources = {
        instances: new Map(),
        dbInstances: new Map(),
        classicLoadBalancers: new Map(),
        loadBalancers: new Map(),
        targetGroups: new Map(),
        kmsKeys: new Map(),
        publishedMetrics: new Map(),
      };
      regions.set(region, resources);
    }
    return resources;
  }

  /** The user that owns an access key. */
  userByAccessKey(accessKeyId: string): { account: SimulatedAccount; user: SimulatedUser } | undefined {
    for (const account of this.accounts.values()) {
      for (const user of account.users.values())
        if (user.accessKeyId === accessKeyId) return { account, user };
    }
    return undefined;
  }

  /** The role of an ARN, wherever it is. */
  role(arn: string): { account: SimulatedAccount; role: SimulatedRole } | undefined {
    const account = this.accounts.get(arn.split(':')[4]);
    const role = account?.roles.get(arn);
    return account && role ? { account, role } : undefined;
  }

  /** The user or role of an ARN, wherever it is. */
  principal(
    arn: string,
  ): { account: SimulatedAccount; principal: SimulatedRole | SimulatedUser } | undefined {
    const account = this.accounts.get(arn.split(':')[4]);
    const principal =
      account?.roles.get(arn) ?? [...(account?.users.values() ?? [])].find((user) => user.arn === arn);
    return account && principal ? { account, principal } : undefined;
  }

  private accountOrThrow(id: string): SimulatedAccount {
    const account = this.accounts.get(id);
    if (!account) throw new Error(`No such account: ${id}`);
    return account;
  }
}

/** A world without accounts. */
export function emptyWorld(): World {
  return new World();
}
