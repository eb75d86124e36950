import { buildClassicLoadBalancer, buildLoadBalancer, buildTargetGroup } from './build-load-balancers';
import { buildDbInstance, type NewDbInstance } from './build-db-instance';
import { buildInstance, type NewInstance } from './build-instance';
import type { NewClassicLoadBalancer, NewLoadBalancer, NewTargetGroup } from './build-load-balancers';
import { buildRole, buildUser, type NewRole, type NewUser } from './build-principals';
import type {
  ClassicLoadBalancer,
  DailyIncident,
  DbInstance,
  Ec2Instance,
  LoadBalancer,
  RegionResources,
  SimulatedAccount,
  SimulatedRole,
  SimulatedUser,
  TargetGroup,
} from './types';

/** An account to add; a new one has `us-east-1` alone when no Regions are named. */
export interface NewAccount {
  /** Twelve digits. */
  id: string;
  name?: string;
  enabledRegions?: string[];
}

/** Everything that exists in the simulated cloud. Change it at will while the simulator runs. */
export class World {
  readonly accounts = new Map<string, SimulatedAccount>();
  readonly incidents: DailyIncident[] = [];
  private serial = 0;

  /** The account of an id. */
  account(id: string): SimulatedAccount | undefined {
    return this.accounts.get(id);
  }

  /** Adds an account, or changes the name and Regions of the one that is there. */
  addAccount({ id, name, enabledRegions }: NewAccount): SimulatedAccount {
    if (!/^\d{12}$/.test(id)) throw new Error(`An account id is twelve digits: ${id}`);
    const account = this.accounts.get(id) ?? {
      id,
      name: `account-${id}`,
      enabledRegions: new Set(['us-east-1']),
      users: new Map(),
      roles: new Map(),
      regions: new Map(),
    };
    if (name !== undefined) account.name = name;
    if (enabledRegions !== undefined) account.enabledRegions = new Set(enabledRegions);
    this.accounts.set(id, account);
    return account;
  }

  /** Adds or replaces an IAM user. */
  addUser(input: NewUser): SimulatedUser {
    const user = buildUser(input);
    this.accountOrThrow(input.accountId).users.set(user.name, user);
    return user;
  }

  /** Adds or replaces a role. */
  addRole(input: NewRole): SimulatedRole {
    const role = buildRole(input);
    this.accountOrThrow(input.accountId).roles.set(role.arn, role);
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
