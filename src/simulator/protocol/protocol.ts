import type { AwsError } from './aws-error';

/** The three wire protocols of the simulated services. */
export type ProtocolName = 'query' | 'ec2' | 'json';

/** A tree of elements: an array repeats its element, undefined and null leave it out, Dates become ISO 8601. */
export type ResultTree = { [name: string]: ResultValue };
/** A value of a result tree. */
export type ResultValue = string | number | boolean | Date | null | undefined | ResultTree | ResultValue[];

/** An HTTP answer, ready to be written. */
export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What a success needs to be written. */
interface SuccessInput {
  action: string;
  xmlNamespace: string;
  requestId: string;
  result: ResultTree;
}

/** Writes results and errors in one protocol's shape. */
export interface Protocol {
  name: ProtocolName;
  success(input: SuccessInput): WireResponse;
  error(error: AwsError, requestId: string): WireResponse;
}
