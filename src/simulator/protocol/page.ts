/** One page of a list and the token that continues it. */
interface Page<T> {
  items: T[];
  nextToken?: string;
}

/** The page of `size` items after `token`; undefined when the token is none of this list's. */
export function pageOf<T>(items: readonly T[], size: number, token: string | undefined): Page<T> | undefined {
  const start = token === undefined ? 0 : decodePageToken(token);
  if (start === undefined || (token !== undefined && start >= items.length)) return undefined;
  const end = start + size;
  return { items: items.slice(start, end), nextToken: end < items.length ? encodePageToken(end) : undefined };
}

/** An opaque token for a position in a list. */
function encodePageToken(position: number): string {
  return Buffer.from(`page:${position}`).toString('base64url');
}

/** The position that a token holds; undefined when it is not a token of ours. */
function decodePageToken(token: string): number | undefined {
  const match = /^page:(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  return match ? Number(match[1]) : undefined;
}
