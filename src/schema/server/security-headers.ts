import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** The one place of the Content Security Policy. The gateway answers JSON alone, from which nothing may be loaded. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    'default-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  },
};

const PLAIN = headersFor(false);
const SECURE = headersFor(true);

/**
 * What every answer carries.
 * @param isSecure whether it goes out over TLS, from here or from a trusted proxy: a browser that learns of HSTS never
 * asks over plain HTTP again
 */
export function securityHeaders(isSecure: boolean): Readonly<Record<string, string>> {
  return isSecure ? SECURE : PLAIN;
}

/** Asks helmet once: what it sets does not depend on the request. */
function headersFor(isSecure: boolean): Record<string, string> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet({
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    strictTransportSecurity: isSecure,
    xFrameOptions: { action: 'deny' },
  })(request, response, () => undefined);
  // Answers are of one caller, and may hold a new token.
  response.setHeader('cache-control', 'no-store');
  return response.getHeaders() as Record<string, string>;
}
