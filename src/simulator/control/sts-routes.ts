import type { StsSettings } from '../sts-settings';
import { ControlError, type Route } from './route';

/** Read and turn the switches of STS. */
export const stsRoutes: Route[] = [
  { method: 'GET', path: 'sts', handle: ({ sts }) => sts },
  {
    method: 'POST',
    path: 'sts',
    handle({ sts }, { body }) {
      const { sessionPolicyRequired, packedPolicyLimit } = { ...sts, ...(body as Partial<StsSettings>) };
      if (typeof sessionPolicyRequired !== 'boolean' || !(packedPolicyLimit > 0)) {
        throw new ControlError(
          400,
          'sessionPolicyRequired is a boolean, packedPolicyLimit a positive number',
        );
      }
      return Object.assign(sts, { sessionPolicyRequired, packedPolicyLimit });
    },
  },
];
