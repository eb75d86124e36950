import {
  doubtfulExternalIds,
  externalIdIn,
  fallbackExternalId,
  type Account,
  type CheckName,
} from '../accounts/account';
import type { RoleArn } from '../aws/arn';
import type { AwsCredentials } from '../aws/aws-clients';
import { isAwsError } from '../aws/aws-error';
import { awsCallFailed } from '../aws/call-failed';
import type { Sts } from '../aws/sts';
import type { Clock } from '../clock';
import type { CallsOf } from '../cost/usage-book';
import * as checks from './checks';
import type { NegativeAnswer } from './checks';
import type { RoleProber } from './role-prober';
import type { VerificationDraft } from './verification-draft';

const WITHOUT_ID: CheckName = 'REFUSED_WITHOUT_EXTERNAL_ID';
const WITH_WRONG_ID: CheckName = 'REFUSED_WITH_WRONG_EXTERNAL_ID';
const BESIDE_CONTROL: readonly CheckName[] = [
  WITHOUT_ID,
  WITH_WRONG_ID,
  'ACCOUNT_MATCHES',
  'RETIRED_EXTERNAL_ID_REFUSED',
];

/**
 * Proves by STS alone how a role's door stands: it opens to Rolecall with the account's external ID, is shut to everybody
 * else, and is the door of the declared account. Sessions of it can do nothing and are thrown away.
 */
export class DoorProver {
  constructor(
    private readonly options: {
      sts: Sts;
      prober: RoleProber;
      calls: CallsOf;
      clock: Clock;
      newExternalId: () => string;
      /** An external ID that is ours and no account's. */
      decoyExternalId: () => Promise<string>;
    },
  ) {}

  /**
   * The positive control first, for a refusal counts only beside it; then the others at once.
   * @returns the external ID that opens the role; null when none does. @throws AwsCallFailedError
   */
  async prove(account: Account, role: RoleArn, draft: VerificationDraft): Promise<string | null> {
    const control = await this.positiveControl(account, role, draft);
    if (!control) {
      draft.add(...checks.skipAll(BESIDE_CONTROL, 'The role refuses the right external ID too'));
      return null;
    }
    const { externalId, credentials } = control;
    await Promise.all([
      this.probeWithout(account, role, draft),
      this.probeWrong(account, role, externalId, draft),
      this.probeRetired(account, role, draft),
      this.compareAccount(account, role, credentials, draft),
    ]);
    return externalId;
  }

  /**
   * The ACTIVE external ID, or the one before where the customer has taken a rotation back and collection lives on it.
   * @returns the one that opens the role; null when none does.
   */
  private async positiveControl(
    account: Account,
    role: RoleArn,
    draft: VerificationDraft,
  ): Promise<{ externalId: string; credentials: AwsCredentials } | null> {
    const { prober } = this.options;
    const active = externalIdIn(account, 'ACTIVE')!.value;
    const answer = await prober.probe(account, role, 'right', active, draft.signal);
    if ('credentials' in answer) {
      draft.add(checks.assumed());
      return { externalId: active, credentials: answer.credentials };
    }
    const fallback = fallbackExternalId(account);
    const second = fallback && (await prober.probe(account, role, 'retired', fallback.value, draft.signal));
    if (second && 'credentials' in second) {
      draft.add(checks.assumedWithFallback(role, answer.refusal, fallback));
      return { externalId: fallback.value, credentials: second.credentials };
    }
    draft.add(checks.refusedWithRightId(role, answer.refusal));
    return null;
  }

  private async probeWithout(account: Account, role: RoleArn, draft: VerificationDraft): Promise<void> {
    draft.add(checks.refusals(WITHOUT_ID, [await this.negative(account, role, 'none', null, draft)]));
  }

  private async probeWrong(
    account: Account,
    role: RoleArn,
    externalId: string,
    draft: VerificationDraft,
  ): Promise<void> {
    const { newExternalId, decoyExternalId } = this.options;
    const wrong: [NegativeAnswer['kind'], string][] = [
      ['random', newExternalId()],
      ['altered', alteredAt(externalId, externalId.length - 1)],
      ['altered-first', alteredAt(externalId, 0)],
      ['longer', `${externalId}0`],
      ['other-case', inOtherCase(externalId)],
      ['decoy', await decoyExternalId()],
    ];
    const answers = await Promise.all(
      wrong
        // A GUID without a letter has no other case.
        .filter(([, value]) => value !== externalId)
        .map(([kind, value]) => this.negative(account, role, kind, value, draft)),
    );
    draft.add(checks.refusals(WITH_WRONG_ID, answers));
  }

  private async negative(
    account: Account,
    role: RoleArn,
    kind: NegativeAnswer['kind'],
    externalId: string | null,
    { signal }: VerificationDraft,
  ): Promise<NegativeAnswer> {
    return { kind, answer: await this.options.prober.probe(account, role, kind, externalId, signal) };
  }

  private async probeRetired(account: Account, role: RoleArn, draft: VerificationDraft): Promise<void> {
    const asked = doubtfulExternalIds(account);
    if (asked.length === 0) {
      draft.add(checks.skipped('RETIRED_EXTERNAL_ID_REFUSED', 'No external ID of the account is retired'));
      return;
    }
    const { prober, clock } = this.options;
    const answers = await Promise.all(
      asked.map(async (retired) => ({
        retired,
        answer: await prober.probe(account, role, 'retired', retired.value, draft.signal),
      })),
    );
    draft.add(checks.retiredRefused(answers, clock.now()));
  }

  private async compareAccount(
    account: Account,
    role: RoleArn,
    credentials: AwsCredentials,
    draft: VerificationDraft,
  ): Promise<void> {
    const expected = { awsAccountId: account.awsAccountId ?? role.awsAccountId, roleName: role.roleName };
    const { sts, calls } = this.options;
    const { partition } = role;
    try {
      const whose = { partition, tenantId: account.tenantId, calls: calls({ id: account.id, partition }) };
      const found = await sts.callerIdentity(whose, credentials, draft.signal);
      draft.add(checks.accountMatches(expected, found));
    } catch (error) {
      draft.signal?.throwIfAborted();
      throw isAwsError(error) ? awsCallFailed('sts:GetCallerIdentity', error) : error;
    }
  }
}

/** Another hexadecimal digit at one place: a comparison by a part, or by a pattern such as `abc*`, would not mind. */
function alteredAt(externalId: string, place: number): string {
  const digit = externalId[place] === '0' ? '1' : '0';
  return externalId.slice(0, place) + digit + externalId.slice(place + 1);
}

/** As it is when it has no letter. */
function inOtherCase(externalId: string): string {
  const upper = externalId.toUpperCase();
  return upper === externalId ? externalId.toLowerCase() : upper;
}
