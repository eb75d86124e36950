import { demoAccountIds } from '../../src/simulator';
import { post } from '../schema/api-fixture';
import { connect, prepare } from '../security/support/connect';
import { TRUST_VARIANTS } from '../security/support/trust-variants';
import { LocalIssuer } from '../support/oidc-issuer';
import { ADMIN_TOKEN, MORNING, startRolecall, type Rolecall } from '../support/rolecall';
import { CreateTenant, MoveAccount } from './move-account.graphql';
import { RotateExternalId } from './operations.graphql';

interface Entry {
  action: string;
  actor: string;
}

/** Two identity providers whose subjects are called alike, and as others are in the log. */
let issuers: LocalIssuer[];
let rolecall: Rolecall;
beforeEach(async () => {
  issuers = [await LocalIssuer.start(), await LocalIssuer.start()];
  const rules = [{ claim: 'groups', value: 'admins', role: 'ADMIN', tenant: '/' }];
  const oidc = issuers.map(({ url }) => ({ issuer: url, audience: 'rolecall', rules }));
  rolecall = await startRolecall({ settings: { ROLECALL_OIDC: JSON.stringify(oidc) } });
});
afterEach(async () => {
  await rolecall.stop();
  await Promise.all(issuers.map((issuer) => issuer.stop()));
});

const jwt = (issuer: LocalIssuer, sub: string) => issuer.sign({ sub, groups: ['admins'] }, MORNING);

async function log(): Promise<Entry[]> {
  const query = '{ auditLog(first: 500) { nodes { action actor } } }';
  const { data } = await post<any>(rolecall.gateway.url, ADMIN_TOKEN, { query });
  return data.auditLog.nodes.reverse();
}

it.each(['gateway', 'bootstrap', 'command line'])(
  'who signs in with a JWT as `%s` is told from it by the issuer, whatever was done',
  async (subject) => {
    const [issuer] = issuers;
    const { admin } = rolecall;
    const asSubject = { ...rolecall, admin: rolecall.client(await jwt(issuer, subject)) };
    const open = TRUST_VARIANTS.find(({ name }) => name === 'no condition')!;
    const candidate = await prepare(rolecall, demoAccountIds.shop, open);
    await connect(asSubject, candidate, { force: true });
    const input = { accountId: candidate.accountId };
    await asSubject.admin.execute(RotateExternalId, { input });
    const cancel = `mutation ($input: AccountIdInput!) { cancelExternalIdRotation(input: $input) { errors { code } } }`;
    const cancelled = await post<any>(rolecall.gateway.url, await jwt(issuer, subject), {
      query: cancel,
      variables: { input },
    });
    expect(cancelled.errors).toBeUndefined();
    const { createTenant } = await admin.execute(CreateTenant, { input: { name: 'North' } });
    const tenantId = createTenant.tenant!.id;
    await asSubject.admin.execute(MoveAccount, { input: { ...input, tenantId } });

    const entries = await log();
    const actor = `${issuer.url} ${subject}`;
    for (const action of [
      'trust.waived',
      'rotation.started',
      'rotation.cancelled',
      'account.moved',
      'mutation.connectAccount',
      'mutation.connectAccount.ended',
      'mutation.moveAccount',
    ]) {
      expect([action, ...entries.filter((one) => one.action === action).map((one) => one.actor)]).toEqual([
        action,
        actor,
      ]);
    }
  },
);

it('the same subject of two issuers is two actors, also where a mutation is refused', async () => {
  for (const issuer of issuers) {
    const token = await jwt(issuer, 'ada');
    expect((await post<any>(rolecall.gateway.url, token, { query: '{ viewer { actor } }' })).data).toEqual({
      viewer: { actor: 'ada' },
    });
    await post(rolecall.gateway.url, token, {
      query: 'mutation { pauseAccount(input: { nothing: 1 }) { x } }',
    });
  }
  const refused = (await log()).filter(({ action }) => action === 'mutation.pauseAccount.refused');
  expect(refused.map(({ actor }) => actor)).toEqual(issuers.map(({ url }) => `${url} ada`));
});
