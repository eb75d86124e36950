import type { Account } from '../../src/core/accounts/account';
import type { CollectionRun } from '../../src/core/collection/collection-run';
import { toGlobalId } from '../../src/schema/relay/global-id';
import { addAccount, addRun, type Api, NOW, startApi } from './api-fixture';

describe('commands', () => {
  let api: Api;
  let account: Account;
  let run: CollectionRun;
  const called: [name: string, ...args: unknown[]][] = [];

  beforeAll(async () => {
    api = await startApi();
    account = await addAccount(api);
    run = await addRun(api, account, { trigger: 'MANUAL' });
    const answering =
      (name: string, answer: unknown) =>
      async (_viewer: unknown, ...args: unknown[]) => {
        called.push([name, ...args]);
        return answer;
      };
    const verification = { at: NOW, complete: true, ok: true, checks: [] };
    const pending = { value: 'guid', state: 'PENDING', createdAt: NOW, activatedAt: null, retiredAt: null };
    Object.assign(api.services.accounts, {
      connect: answering('connect', { account, verification }),
      verify: answering('verify', { account, verification }),
      pause: answering('pause', account),
      resume: answering('resume', account),
      remove: answering('remove', undefined),
      rotateExternalId: answering('rotateExternalId', { account, pending }),
      cancelRotation: answering('cancelRotation', account),
      dropCredentials: answering('dropCredentials', account),
      onboarding: async () => ({ roleName: 'rolecall' }),
    });
    Object.assign(api.services.collections, { collectNow: answering('collectNow', run) });
  });
  afterAll(() => api.stop());

  const id = toGlobalId('Account', 1);
  const ref = { accountId: 1, givenId: id };
  const accounts = 'account { name } errors { code }';

  it.each([
    [
      `connectAccount(input: { accountId: "${id}", accessKey: { accessKeyId: "a", secretAccessKey: "s" } }) { account { name } verification { ok } }`,
      ['connect', { ...ref, accessKey: { accessKeyId: 'a', secretAccessKey: 's' }, force: false }],
      { account: { name: 'production' }, verification: { ok: true } },
    ],
    [
      `verifyAccount(input: { accountId: "${id}" }) { account { name } verification { ok } }`,
      ['verify', ref],
      { account: { name: 'production' }, verification: { ok: true } },
    ],
    ...[
      ['pauseAccount', 'pause'],
      ['resumeAccount', 'resume'],
      ['cancelExternalIdRotation', 'cancelRotation'],
      ['dropCredentials', 'dropCredentials'],
    ].map(([field, method]): [string, unknown[], unknown] => [
      `${field}(input: { accountId: "${id}" }) { ${accounts} }`,
      [method, ref],
      { account: { name: 'production' }, errors: [] },
    ]),
    [
      `rotateExternalId(input: { accountId: "${id}" }) { pending { value state } onboarding { roleName } }`,
      ['rotateExternalId', ref],
      { pending: { value: 'guid', state: 'PENDING' }, onboarding: { roleName: 'rolecall' } },
    ],
    [
      `removeAccount(input: { accountId: "${id}" }) { removedAccountId }`,
      ['remove', ref, true],
      { removedAccountId: id },
    ],
    [
      'removeAccount(input: { accountId: "nonsense", keepHistory: false }) { removedAccountId }',
      ['remove', { accountId: null, givenId: 'nonsense' }, false],
      { removedAccountId: 'nonsense' },
    ],
    [
      `collectNow(input: { accountId: "${id}", plugins: ["ec2"] }) { run { trigger account { name } } }`,
      ['collectNow', ref, { plugins: ['ec2'], regions: undefined }],
      { run: { trigger: 'MANUAL', account: { name: 'production' } } },
    ],
  ])('%s', async (selection, call, answer) => {
    const { data, errors } = await api.query(`mutation { done: ${selection} }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ done: answer });
    expect(called.pop()).toEqual(call);
    expect(called).toEqual([]);
  });
});
