import type { Caller } from '../auth/caller';
import type { SessionStore } from '../auth/sessions';
import type { FaultRule } from '../faults';
import type { Protocol, ResultTree } from '../protocol/protocol';
import type { QueryParameters } from '../protocol/query-parameters';
import type { StsSettings } from '../sts-settings';
import type { RegionResources } from '../world/types';
import type { World } from '../world/world';

/** One authenticated and authorised call, as an action sees it. */
export interface Call<Parameters> {
  parameters: Parameters;
  region: string;
  caller: Caller;
  /** The caller's resources in the call's Region. */
  resources: RegionResources;
  world: World;
  sessions: SessionStore;
  sts: StsSettings;
  /** The simulator's clock, milliseconds since the epoch. */
  now: number;
  /** The faults that hit this call; those about transport are dealt with elsewhere. */
  faults: FaultRule[];
  random: () => number;
}

/** Answers one action; throws AwsError for what AWS would refuse. */
export type Action<Parameters> = (call: Call<Parameters>) => ResultTree;

/** Who calls where: what the resource of a call depends on, beside its parameters. */
export type CallPlace = Pick<Call<never>, 'caller' | 'region' | 'resources'>;

/** A JSON request body. */
export type JsonParameters = Record<string, unknown>;

interface ServiceBase<Parameters> {
  /** IAM prefix; also the name in the call log and in faults. */
  iamPrefix: string;
  /** The service in SigV4's credential scope. */
  signingName: string;
  protocol: Protocol;
  xmlNamespace: string;
  /** The ARN that policies are asked about; `*` without it. */
  resource?: (place: CallPlace, parameters: Parameters) => string;
  /** Actions that no policy is asked about: they always work, or judge by themselves. */
  unauthorizedActions?: readonly string[];
  actions: Record<string, Action<Parameters>>;
}

/** A service of the Query or EC2 Query protocol, known by its API version. */
export interface QueryService extends ServiceBase<QueryParameters> {
  version: string;
}

/** A service of the AWS JSON protocol, known by the prefix of `X-Amz-Target`. */
export interface JsonService extends ServiceBase<JsonParameters> {
  target: string;
}
