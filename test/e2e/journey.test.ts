import { demoAccountIds } from '../../src/simulator';
import { MINUTE, MORNING, startRolecall, type Rolecall } from '../support/rolecall';
import { until } from '../support/until';
import { makeRole, onboard, register } from './onboard';
import {
  Accounts,
  CancelRotation,
  CollectNow,
  ConnectAccount,
  MetricUpdates,
  PauseAccount,
  Progress,
  RemoveAccount,
  ResourceChanges,
  Resources,
  ResumeAccount,
  RotateExternalId,
  Runs,
  StatusChanges,
  StoredSeries,
  UpdateAccount,
  VerifyAccount,
} from './operations.graphql';
import { compareWithOracle } from './oracle';

const HOUR = 60 * MINUTE;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let rolecall: Rolecall;
beforeEach(async () => (rolecall = await startRolecall()));
afterEach(() => rolecall.stop());

describe('an account, from registration to removal', () => {
  it('registers, connects, collects, is read, rotates and is removed', async () => {
    const { admin, simulator } = rolecall;

    const registered = await register(admin, 'Tidewater Shop');
    expect(registered).toMatchObject({ status: 'AWAITING_ROLE', awsAccountId: null });
    expect(registered.externalIds).toEqual([{ value: expect.stringMatching(GUID), state: 'ACTIVE' }]);
    expect(registered.onboarding).toMatchObject({
      gatewayAwsAccountId: demoAccountIds.gateway,
      roleName: 'rolecall',
    });

    const roleArn = makeRole(simulator, demoAccountIds.shop, registered.onboarding!);
    const { connectAccount } = await admin.execute(ConnectAccount, {
      input: { accountId: registered.id, roleArn },
    });
    expect(connectAccount.errors).toEqual([]);
    expect(connectAccount.account).toMatchObject({
      status: 'CONNECTED',
      awsAccountId: demoAccountIds.shop,
      roleArn,
    });
    // Nothing was rotated yet, and this role does not let itself be read.
    const unasked = ['RETIRED_EXTERNAL_ID_REFUSED', 'PERMISSIONS_NOT_EXCESSIVE'];
    expect(connectAccount.verification!.checks.map(({ name, outcome }) => [name, outcome])).toEqual(
      connectAccount.verification!.checks.map(({ name }) => [
        name,
        unasked.includes(name) ? 'SKIPPED' : 'PASSED',
      ]),
    );

    const { collectNow } = await admin.execute(CollectNow, { input: { accountId: registered.id } });
    expect(collectNow.run).toMatchObject({ trigger: 'MANUAL' });
    await rolecall.collect();
    const { collectionRuns } = await admin.execute(Runs);
    expect(collectionRuns.nodes).toHaveLength(1);
    expect(collectionRuns.nodes[0]).toMatchObject({
      state: 'SUCCEEDED',
      trigger: 'MANUAL',
      pointsBackfilled: 0,
    });

    const { resources } = await admin.execute(Resources, { filter: {}, first: 100 });
    const types = new Set(resources.nodes.map(({ __typename }) => __typename));
    expect(types).toEqual(new Set(['Ec2Instance', 'RdsInstance', 'LoadBalancer']));
    expect(resources.nodes).toContainEqual(expect.objectContaining({ type: 'ec2:instance', tags: [] }));

    const { rotateExternalId } = await admin.execute(RotateExternalId, {
      input: { accountId: registered.id },
    });
    makeRole(simulator, demoAccountIds.shop, rotateExternalId.account!.onboarding!);
    // Two successes a minute apart promote it.
    for (const minutes of [4, 1]) await rolecall.collect(minutes * MINUTE);
    const { accounts } = await admin.execute(Accounts);
    expect(accounts.nodes[0]!.externalIds.map(({ state }) => state)).toEqual(['ACTIVE', 'RETIRED']);
    expect(accounts.nodes[0]!.externalIds[0]!.value).toBe(rotateExternalId.pending!.value);
    expect(accounts.nodes[0]!.externalIds[1]!.value).toBe(registered.externalIds[0]!.value);

    const { removeAccount } = await admin.execute(RemoveAccount, { input: { accountId: registered.id } });
    expect(removeAccount).toEqual({ removedAccountId: registered.id, errors: [] });
    simulator.calls.clear();
    await rolecall.collect(10 * MINUTE);
    expect(simulator.calls.list()).toEqual([]);
    const kept = await admin.execute(Accounts, { filter: { includeRemoved: true } });
    expect(kept.accounts.nodes[0]).toMatchObject({ status: 'REMOVED' });
    expect((await admin.execute(Resources, { filter: {} })).resources.totalCount).toBeGreaterThan(10);
  });

  it('forgets its history when asked to', async () => {
    const { admin, simulator } = rolecall;
    const accountId = await onboard(admin, simulator, demoAccountIds.shop);
    await rolecall.collect(5 * MINUTE);
    await admin.execute(RemoveAccount, { input: { accountId, keepHistory: false } });
    expect((await admin.execute(Accounts, { filter: { includeRemoved: true } })).accounts.totalCount).toBe(0);
    expect((await admin.execute(Resources, { filter: { includeGone: true } })).resources.totalCount).toBe(0);
    expect((await admin.execute(Runs)).collectionRuns.nodes).toEqual([]);
  });

  it('pauses, resumes, and makes up what was missed', async () => {
    const { admin, simulator } = rolecall;
    const accountId = await onboard(admin, simulator, demoAccountIds.shop);
    await rolecall.collect(5 * MINUTE);
    const paused = await admin.execute(PauseAccount, { input: { accountId } });
    expect(paused.pauseAccount.account).toEqual({ status: 'PAUSED', nextCollectionAt: null });
    simulator.calls.clear();
    await rolecall.collect(30 * MINUTE);
    expect(simulator.calls.list()).toEqual([]);
    await admin.execute(ResumeAccount, { input: { accountId } });
    await rolecall.collect(5 * MINUTE);
    const { collectionRuns } = await admin.execute(Runs);
    expect(collectionRuns.nodes[0]!.pointsBackfilled).toBeGreaterThan(0);
    const to = MORNING - (MORNING % HOUR) + 40 * MINUTE;
    const result = await compareWithOracle(admin, simulator, {
      accountIds: [accountId],
      from: MORNING - (MORNING % HOUR) - 2 * HOUR,
      to,
    });
    expect(result).toMatchObject({ wrong: [], missing: [] });
  });

  it('cancels a rotation: the pending ID is retired and never promoted', async () => {
    const { admin, simulator } = rolecall;
    const accountId = await onboard(admin, simulator, demoAccountIds.shop);
    const { rotateExternalId } = await admin.execute(RotateExternalId, { input: { accountId } });
    const again = await admin.execute(RotateExternalId, { input: { accountId } });
    expect(again.rotateExternalId.errors[0]).toMatchObject({
      __typename: 'Conflict',
      code: 'RC_ROTATION_PENDING',
    });
    const { cancelExternalIdRotation } = await admin.execute(CancelRotation, { input: { accountId } });
    expect(cancelExternalIdRotation.account!.externalIds.map(({ state }) => state).sort()).toEqual([
      'ACTIVE',
      'RETIRED',
    ]);
    makeRole(simulator, demoAccountIds.shop, rotateExternalId.account!.onboarding!);
    const { verifyAccount } = await admin.execute(VerifyAccount, { input: { accountId } });
    expect(verifyAccount.account!.externalIds.find(({ state }) => state === 'ACTIVE')!.value).not.toBe(
      rotateExternalId.pending!.value,
    );
  });

  it('is promoted by two verifications a minute apart', async () => {
    const { admin, simulator } = rolecall;
    const accountId = await onboard(admin, simulator, demoAccountIds.shop);
    const { rotateExternalId } = await admin.execute(RotateExternalId, { input: { accountId } });
    const early = await admin.execute(VerifyAccount, { input: { accountId } });
    expect(early.verifyAccount.account!.externalIds[0]).toMatchObject({ state: 'PENDING' });
    makeRole(simulator, demoAccountIds.shop, rotateExternalId.account!.onboarding!);
    await admin.execute(VerifyAccount, { input: { accountId } });
    rolecall.clock.advance(MINUTE);
    const { verifyAccount } = await admin.execute(VerifyAccount, { input: { accountId } });
    expect(verifyAccount.verification!.ok).toBe(true);
    expect(verifyAccount.account!.externalIds[0]).toEqual({
      value: rotateExternalId.pending!.value,
      state: 'ACTIVE',
    });
  });

  it('obeys its settings: Regions, plugins, tag filter', async () => {
    const { admin, simulator } = rolecall;
    const accountId = await onboard(admin, simulator, demoAccountIds.shop, {
      regions: ['eu-central-1'],
      plugins: ['ec2'],
      tagFilter: [{ key: 'team', values: ['checkout'] }],
    });
    await rolecall.collect(5 * MINUTE);
    const { resources } = await admin.execute(Resources, { filter: {} });
    expect(resources.nodes.map(({ name }) => name).sort()).toEqual(['checkout-1', 'checkout-2']);
    expect(simulator.calls.list({ service: 'rds' })).toEqual([]);
    const { updateAccount } = await admin.execute(UpdateAccount, {
      input: { accountId, regions: [], monthlyBudgetUsd: 5 },
    });
    expect(updateAccount.account).toMatchObject({ regions: [], plugins: ['ec2'], monthlyBudgetUsd: 5 });
    const cleared = await admin.execute(UpdateAccount, { input: { accountId, monthlyBudgetUsd: null } });
    expect(cleared.updateAccount.account!.monthlyBudgetUsd).toBeNull();
  });
});

describe('three hours', () => {
  it('leave every stored point equal to the truth, and none missing', async () => {
    const { admin, simulator } = rolecall;
    const shop = await onboard(admin, simulator, demoAccountIds.shop);
    const media = await onboard(admin, simulator, demoAccountIds.media);
    for (let cycle = 0; cycle < 36; cycle++) await rolecall.collect(5 * MINUTE);
    const hour = MORNING - (MORNING % HOUR);
    const range = { from: hour - 2 * HOUR, to: hour + 3 * HOUR - 10 * MINUTE };
    for (const accountId of [shop, media]) {
      const result = await compareWithOracle(admin, simulator, { accountIds: [accountId], ...range });
      expect(result).toMatchObject({ wrong: [], missing: [] });
      expect(result.equal).toBeGreaterThan(2000);
    }
    const { collectionRuns } = await admin.execute(Runs, { filter: { accountIds: [shop] } });
    expect(collectionRuns.nodes).toHaveLength(36);
    expect(new Set(collectionRuns.nodes.map(({ state }) => state))).toEqual(new Set(['SUCCEEDED']));
  });

  it('with late points end in the truth as well', async () => {
    const { admin, simulator } = rolecall;
    const accountId = await onboard(admin, simulator, demoAccountIds.shop, { plugins: ['elb'] });
    simulator.faults.add({ kind: 'latePoints', lateSeconds: 400 });
    for (let cycle = 0; cycle < 12; cycle++) await rolecall.collect(5 * MINUTE);
    const hour = MORNING - (MORNING % HOUR);
    const range = { from: hour - 2 * HOUR, to: hour + 45 * MINUTE };
    const result = await compareWithOracle(admin, simulator, { accountIds: [accountId], ...range });
    expect(result).toMatchObject({ wrong: [], missing: [] });
  });
});

describe('live', () => {
  it('tells of new points, resources, statuses and progress', async () => {
    const { admin, simulator } = rolecall;
    const listen = <T>(stream: AsyncGenerator<T>): T[] => {
      const heard: T[] = [];
      void (async () => {
        for await (const message of stream) heard.push(message);
      })().catch(() => undefined);
      return heard;
    };
    const onlyAverages = { filter: { names: ['CPUUtilization'], statistics: ['Average'] } };
    const metrics = listen(admin.subscribe(MetricUpdates, onlyAverages));
    const changes = listen(admin.subscribe(ResourceChanges));
    const statuses = listen(admin.subscribe(StatusChanges));
    const progress = listen(admin.subscribe(Progress));
    // Each stream is open once it has told of something: another account is collected until all have.
    await onboard(admin, simulator, demoAccountIds.media, { plugins: ['ec2'], regions: ['eu-west-1'] });
    const [instance] = simulator.world.resources(demoAccountIds.media, 'eu-west-1').instances.values();
    let round = 0;
    await until(async () => {
      instance!.State = round++ % 2 ? { Code: 16, Name: 'running' } : { Code: 80, Name: 'stopped' };
      await register(admin, `Ping ${round}`);
      await rolecall.collect(5 * MINUTE);
      return [metrics, changes, statuses, progress].every((heard) => heard.length > 0);
    });

    const accountId = await onboard(admin, simulator, demoAccountIds.shop);
    await rolecall.collect(5 * MINUTE);
    const ofAccount = () => metrics.filter(({ metricUpdates }) => metricUpdates.account.id === accountId);
    await until(() => ofAccount().length > 0);
    const [{ metricUpdates }] = ofAccount();
    expect(metricUpdates).toMatchObject({ replay: false, merged: 0 });
    expect(metricUpdates.series[0]!.metric).toMatchObject({ name: 'CPUUtilization', statistic: 'Average' });
    expect(metricUpdates.series[0]!.columns.values.length).toBeGreaterThan(30);
    const appeared = changes.filter(({ resourceChanges }) => resourceChanges.resource.name === 'checkout-1');
    expect(appeared.map(({ resourceChanges }) => resourceChanges.kind)).toEqual(['APPEARED']);
    expect(
      statuses.filter(({ accountStatusChanges }) => accountStatusChanges.account.id === accountId),
    ).toEqual([
      { accountStatusChanges: { from: null, to: 'AWAITING_ROLE', account: { id: accountId } } },
      { accountStatusChanges: { from: 'AWAITING_ROLE', to: 'CONNECTED', account: { id: accountId } } },
    ]);
    const { collectionRuns } = await admin.execute(Runs, { filter: { accountIds: [accountId] } });
    const steps = progress.filter(
      ({ collectionProgress }) => collectionProgress.run.id === collectionRuns.nodes[0]!.id,
    );
    expect(steps[0]!.collectionProgress).toMatchObject({ step: 'CREDENTIALS', run: { state: 'RUNNING' } });
    expect(steps.at(-1)!.collectionProgress.step).toBe('PUBLISH');
  });

  it('fills a new view since a time, then goes on, without gap or double', async () => {
    const { admin, simulator } = rolecall;
    const accountId = await onboard(admin, simulator, demoAccountIds.shop, { plugins: ['ec2'] });
    await rolecall.collect(5 * MINUTE);
    const since = new Date(MORNING - (MORNING % HOUR) - HOUR).toISOString();
    const seen = new Map<string, number>();
    const stream = admin.subscribe(MetricUpdates, {
      filter: { accountIds: [accountId], names: ['NetworkIn'] },
      since,
    });
    const keep = ({
      metricUpdates,
    }: {
      metricUpdates: { series: { metric: { id: string }; columns: { timestamps: number[] } }[] };
    }) =>
      metricUpdates.series.forEach(({ metric, columns }) =>
        columns.timestamps.forEach((timestamp) => {
          const key = `${metric.id}|${timestamp}`;
          seen.set(key, (seen.get(key) ?? 0) + 1);
        }),
      );
    const replay = await stream.next();
    expect(replay.value!.metricUpdates.replay).toBe(true);
    keep(replay.value!);
    const next = stream.next();
    await rolecall.collect(5 * MINUTE);
    const live = await next;
    expect(live.value!.metricUpdates.replay).toBe(false);
    keep(live.value!);
    await stream.return(undefined);
    expect(Math.max(...seen.values())).toBe(1);
    const { metricData } = await admin.execute(StoredSeries, {
      filter: { accountIds: [accountId], names: ['NetworkIn'] },
      range: { from: since, to: new Date(rolecall.clock.now()).toISOString() },
    });
    const stored = metricData.series.reduce((count, { columns }) => count + columns.timestamps.length, 0);
    expect(seen.size).toBe(stored);
  });
});

describe('a restart', () => {
  it('goes on with no gap and nothing doubled, and makes up what was missed', async () => {
    const { simulator } = rolecall;
    const accountId = await onboard(rolecall.admin, simulator, demoAccountIds.shop);
    await rolecall.collect(5 * MINUTE);
    rolecall.clock.advance(90 * MINUTE);
    await rolecall.restart();
    await rolecall.collect();
    const hour = MORNING - (MORNING % HOUR);
    const range = { from: hour - 2 * HOUR, to: hour + 80 * MINUTE };
    const result = await compareWithOracle(rolecall.admin, simulator, { accountIds: [accountId], ...range });
    expect(result).toMatchObject({ wrong: [], missing: [] });
    const { collectionRuns } = await rolecall.admin.execute(Runs, { filter: { accountIds: [accountId] } });
    expect(collectionRuns.nodes).toHaveLength(2);
    expect(collectionRuns.nodes[0]!.pointsBackfilled).toBeGreaterThan(0);
  });
});
