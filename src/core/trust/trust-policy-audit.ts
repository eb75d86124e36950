import { accountRoot, type Principal } from '../aws/arn';
import { listOf } from './role-evidence';

interface Statement {
  Effect?: string;
  Action?: string | string[];
  NotAction?: string | string[];
  NotPrincipal?: unknown;
  Principal?: string | { AWS?: string | string[] };
  Condition?: Record<string, Record<string, string | string[]>>;
}

/**
 * Reads a role's trust policy for what no probe can find: statements that let Rolecall's principal in under external IDs
 * other than the account's own, such as a list that two customers share. Who else the customer trusts is not judged, nor
 * what the probe without an ID has answered already.
 * @returns what is wrong, a sentence each; empty when nothing is.
 */
export function auditTrustPolicy(document: unknown, gateway: Principal, ownIds: readonly string[]): string[] {
  const { Statement: statements } = (document ?? {}) as { Statement?: Statement | Statement[] };
  return listOf<Statement>(statements)
    .filter((statement) => statement.Effect === 'Allow' && letsIn(statement, gateway))
    .flatMap((statement) => faultsOf(statement, ownIds));
}

function letsIn(statement: Statement, gateway: Principal): boolean {
  const { Action, NotAction, Principal: principal, NotPrincipal } = statement;
  const isMeant = NotAction ? !listOf(NotAction).some(meansAssumeRole) : listOf(Action).some(meansAssumeRole);
  if (!isMeant) return false;
  const trusted = typeof principal === 'string' ? [principal] : listOf<string>(principal?.AWS);
  const names = ['*', gateway.awsAccountId, accountRoot(gateway), gateway.arn];
  // Everybody but some: the gateway too, for all that is known here.
  const isTrusted = NotPrincipal !== undefined || trusted.some((one) => names.includes(one));
  return isTrusted && !isForOthers(statement, gateway);
}

/** IAM: an action is written in any case. */
function meansAssumeRole(action: string): boolean {
  return matches(action.toLowerCase(), 'sts:assumerole');
}

/** IAM: `*` stands for any characters and `?` for one. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}

/** Whether a condition narrows an account to principals that are not the gateway, such as to another gateway in it. */
function isForOthers(statement: Statement, gateway: Principal): boolean {
  const narrowed: [string, string][] = [
    ['aws:PrincipalArn', gateway.arn],
    ['aws:PrincipalAccount', gateway.awsAccountId],
  ];
  return narrowed.some(([key, own]) =>
    conditionsOn(statement, key).some(
      ({ operator, values }) =>
        ['StringEquals', 'ArnEquals', 'ArnLike', 'StringLike'].includes(operator) &&
        // A variable may stand for the gateway.
        values.every((value) => !value.includes('${') && !matches(value, own)),
    ),
  );
}

/** Whether one call's answer is every call's: nothing is asked but who calls. */
function asksForPrincipalAlone({ Condition = {} }: Statement): boolean {
  return Object.values(Condition).every((keys) =>
    Object.keys(keys).every((key) => key.toLowerCase().startsWith('aws:principal')),
  );
}

function conditionsOn({ Condition = {} }: Statement, wanted: string) {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys)
      .filter(([key]) => key.toLowerCase() === wanted.toLowerCase())
      .map(([, values]) => ({ operator, values: listOf<string>(values) })),
  );
}

function faultsOf(statement: Statement, ownIds: readonly string[]): string[] {
  const onId = conditionsOn(statement, 'sts:ExternalId');
  // STS has refused the gateway without an ID, and this statement had its say.
  if (onId.length === 0 && asksForPrincipalAlone(statement)) return [];
  const exact = onId.filter(({ operator }) => operator === 'StringEquals');
  if (exact.length === 0)
    return ['a statement lets Rolecall in without comparing sts:ExternalId by StringEquals'];
  const foreign = exact.flatMap(({ values }) => values).filter((value) => !ownIds.includes(value));
  return foreign.length > 0
    ? [`a statement accepts ${foreign.length} external ID(s) that were never this account’s`]
    : [];
}
