import type { Protocol } from './protocol';
import { escapeXml, writeXml } from './xml';

/** AWS Query: form-encoded requests, XML answers (STS, RDS, both Elastic Load Balancing APIs). */
export const queryProtocol: Protocol = {
  name: 'query',
  success: ({ action, xmlNamespace, requestId, result }) => ({
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body:
      `<${action}Response xmlns="${escapeXml(xmlNamespace)}"><${action}Result>${writeXml(result)}</${action}Result>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
  }),
  error: (error, requestId) => ({
    status: error.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body:
      '<ErrorResponse>' +
      writeXml({
        Error: { Type: error.status < 500 ? 'Sender' : 'Receiver', Code: error.code, Message: error.message },
        RequestId: requestId,
      }) +
      '</ErrorResponse>',
  }),
};
