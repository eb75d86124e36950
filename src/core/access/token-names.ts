import { COMMAND_LINE_ACTOR, GATEWAY_ACTOR, UNKNOWN_ACTOR } from '../audit/audit-trail';
import { InvalidInputError } from '../errors';
import { BOOTSTRAP_TOKEN_NAME } from './bootstrap-tokens';

const MAX_NAME_LENGTH = 128;

/** Whom the audit log calls so is no token that somebody made. */
const RESERVED: ReadonlySet<string> = new Set([
  GATEWAY_ACTOR,
  COMMAND_LINE_ACTOR,
  UNKNOWN_ACTOR,
  BOOTSTRAP_TOKEN_NAME,
]);

/**
 * Without the spaces around it. A token's name is the actor of what is done with it: it may not be that of another.
 * @throws InvalidInputError RC_TOKEN_NAME_INVALID, RC_TOKEN_NAME_RESERVED
 */
export function judgeTokenName(given: string): string {
  const name = given.trim();
  const path = ['input', 'name'];
  if (name.length === 0 || name.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(name)) {
    throw new InvalidInputError('RC_TOKEN_NAME_INVALID', `A name of ${name.length} characters was given`, {
      path,
    });
  }
  if (isReserved(name)) {
    throw new InvalidInputError('RC_TOKEN_NAME_RESERVED', 'The audit log calls somebody else so', { path });
  }
  return name;
}

/** As it reads: in whatever case and width the letters are, and whatever is between them that nobody sees. */
function isReserved(name: string): boolean {
  const read = name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
  // Who came with a JWT is named by its issuer, an address, and its subject.
  return RESERVED.has(read) || /^https?:/u.test(read);
}
