const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** Whether the text means to be a signed JWT: three base64url parts, of which the first is a JSON object. */
export function isJwtLike(text: string): boolean {
  // Every JSON object begins with `{"`, which base64url writes as `eyJ`; spaces after the brace are not used.
  return text.startsWith('eyJ') && JWT.test(text);
}
