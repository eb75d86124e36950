import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What the Authorization header of a signed request says. */
export interface SignedAuthorization {
  accessKeyId: string;
  date: string;
  region: string;
  /** Signing name of the service (`monitoring` for CloudWatch). */
  service: string;
  signedHeaders: string[];
  signature: string;
}

/** The parts of a request that its signature covers. */
export interface SignedRequest {
  method: string;
  /** Path and query as they came over the wire. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** Reads an Authorization header; undefined when it is not a complete SigV4 one. */
export function parseAuthorization(header: string): SignedAuthorization | undefined {
  const match =
    /^AWS4-HMAC-SHA256 +Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request, *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  if (!match) return undefined;
  const [, accessKeyId, date, region, service, signedHeaders, signature] = match;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

/** Recomputes the signature from the request as received. The date is not compared with any clock. */
export function hasValidSignature(
  request: SignedRequest,
  authorization: SignedAuthorization,
  secretAccessKey: string,
): boolean {
  const { date, region, service } = authorization;
  const timestamp = String(request.headers['x-amz-date'] ?? '');
  if (!timestamp.startsWith(date) || !authorization.signedHeaders.includes('host')) return false;
  const toSign = [
    algorithm,
    timestamp,
    `${date}/${region}/${service}/aws4_request`,
    sha256(canonicalRequest(request, authorization.signedHeaders)),
  ].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return timingSafeEqual(hmac(key, toSign), Buffer.from(authorization.signature, 'hex'));
}

function canonicalRequest(request: SignedRequest, signedHeaders: string[]): string {
  const [path, query = ''] = request.url.split('?', 2);
  return [
    request.method,
    path.split('/').map(encodeUri).join('/'),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${canonicalHeader(request.headers[name])}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
}

function canonicalHeader(value: string | string[] | undefined): string {
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  return text.trim().replace(/ +/g, ' ');
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${encodeUri(name)}=${encodeUri(value)}`)
    .sort()
    .join('&');
}

/** RFC 3986: everything but unreserved characters is escaped. */
export function encodeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
