import type { Viewer } from '../../core/access/viewer';
import type { SchemaServices } from '../services';

/** The viewer of an `Authorization: Bearer …` value; null without one, and for a token that is not good. */
export async function viewerOf(
  { authenticate }: Pick<SchemaServices, 'authenticate'>,
  authorization: unknown,
): Promise<Viewer | null> {
  const token = typeof authorization === 'string' ? /^Bearer +(\S+) *$/i.exec(authorization)?.[1] : undefined;
  return token === undefined ? null : authenticate(token);
}
