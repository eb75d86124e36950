import type { Caller } from '../auth/caller';
import type { RequestContext } from './conditions';

/** The condition keys that every call carries; `now` is in milliseconds since the epoch. */
export function requestContext(
  caller: Caller,
  { region, now }: { region: string; now: number },
): RequestContext {
  return {
    'aws:PrincipalArn': caller.principalArn,
    'aws:PrincipalAccount': caller.account.id,
    'aws:RequestedRegion': region,
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:TokenIssueTime': caller.session && new Date(caller.session.issuedAt).toISOString(),
  };
}
