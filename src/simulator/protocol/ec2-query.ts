import type { Protocol } from './protocol';
import { escapeXml, writeXml } from './xml';

/** EC2 Query: form-encoded requests, XML answers without a result wrapper, errors in a list. */
export const ec2QueryProtocol: Protocol = {
  name: 'ec2',
  success: ({ action, xmlNamespace, requestId, result }) => ({
    status: 200,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body:
      `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="${escapeXml(xmlNamespace)}/">` +
      `<requestId>${requestId}</requestId>${writeXml(result)}</${action}Response>`,
  }),
  error: (error, requestId) => ({
    status: error.status,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n<Response>' +
      writeXml({ Errors: { Error: { Code: error.code, Message: error.message } }, RequestID: requestId }) +
      '</Response>',
  }),
};
