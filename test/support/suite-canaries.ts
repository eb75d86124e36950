import { createLogger, type GatewayLogger } from '../../src/logger';
import { demoAccessKeyUser, demoGatewayUser } from '../../src/simulator';
import { Canaries } from '../security/support/canary';
import { CapturedText } from '../security/support/captured';

/** What every end-to-end test of the suite works with, and nobody may find afterwards. */
const SECRETS = {
  'the gateway’s secret access key': demoGatewayUser.secretAccessKey,
  'the secret access key of a customer': demoAccessKeyUser.secretAccessKey,
};

/** Searches what a gateway has left behind, log and files, for the secrets that the suite works with. */
export class SuiteCanaries {
  private readonly canaries = new Canaries();
  private readonly log = new CapturedText();
  readonly logger: GatewayLogger = createLogger('debug', this.log);

  constructor(adminToken: string) {
    for (const [name, secret] of Object.entries({ ...SECRETS, 'the admin token': adminToken })) {
      this.canaries.add(name, secret);
    }
  }

  /** @throws Error that says which secret is where */
  check(dataDir: string): void {
    const leaks = [
      ...this.canaries.leaksIn('the log', this.log.text),
      ...this.canaries.leaksInFiles(dataDir),
    ];
    if (leaks.length === 0) return;
    throw new Error(leaks.map(({ secret, form, where }) => `${secret} is in ${where}, ${form}`).join('; '));
  }
}
