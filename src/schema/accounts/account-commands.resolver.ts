import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { AccountRef, RegisterInput } from '../../core/accounts/account-service';
import type { OperationContext } from '../context';
import { payload } from '../errors/payload';
import { keyOf } from '../relay/global-id';
import { RequiresRole } from '../required-role';
import {
  AccountIdInput,
  ConnectAccountInput,
  RegisterAccountInput,
  RemoveAccountInput,
  toAccountSettings,
  UpdateAccountInput,
} from './account-inputs';
import {
  AccountPayload,
  ConnectAccountPayload,
  RegisterAccountPayload,
  RemoveAccountPayload,
  RotateExternalIdPayload,
  UpdateAccountPayload,
  VerifyAccountPayload,
} from './account-payloads';
import { ForecastAccountInput, ForecastAccountPayload } from './forecast.types';

@Resolver()
export class AccountCommandsResolver {
  @RequiresRole('OPERATOR')
  @Mutation(() => RegisterAccountPayload, {
    description:
      'Reserve an account: makes its external ID and everything the customer needs to create the role. ' +
      'Status AWAITING_ROLE.',
  })
  registerAccount(
    @Arg('input', () => RegisterAccountInput) input: RegisterAccountInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<RegisterAccountPayload> {
    return payload(async () => ({ account: await services.accounts.register(viewer, registration(input)) }));
  }

  @RequiresRole('OPERATOR')
  @Mutation(() => ConnectAccountPayload, {
    description:
      "Paste the role's ARN (or access keys): verifies the trust, then connects. Nothing is stored when verification " +
      'fails. `force`, for an ADMIN of the root tenant, waives refusal and permission checks (never ASSUMES_* nor ' +
      'ACCOUNT_MATCHES), is audited and expires.',
  })
  async connectAccount(
    @Arg('input', () => ConnectAccountInput) { accountId, ...input }: ConnectAccountInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<ConnectAccountPayload> {
    const answer = await payload(() =>
      services.accounts.connect(viewer, { ...accountRef(accountId), ...input }),
    );
    return { verification: answer.errors[0]?.verification, ...answer };
  }

  @RequiresRole('OPERATOR')
  @Mutation(() => ForecastAccountPayload, {
    description:
      'What an account, or a change to it, would find, need and cost: discovery and permission checks, not one priced ' +
      'metric request. Changes nothing.',
  })
  async forecastAccount(
    @Arg('input', () => ForecastAccountInput) { accountId, roleArn, ...settings }: ForecastAccountInput,
    @Ctx() { viewer, services, signal }: OperationContext,
  ): Promise<ForecastAccountPayload> {
    const request = { roleArn, ...toAccountSettings(settings) };
    const answer = await payload(() =>
      services.forecasts.forecast(viewer, accountRef(accountId), request, signal),
    );
    return { verification: answer.errors[0]?.verification, ...answer };
  }

  @RequiresRole('OPERATOR')
  @Mutation(() => VerifyAccountPayload, { description: 'Run the trust checks again now.' })
  verifyAccount(
    @Arg('input', () => AccountIdInput) { accountId }: AccountIdInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<VerifyAccountPayload> {
    return payload(() => services.accounts.verify(viewer, accountRef(accountId)));
  }

  @RequiresRole('OPERATOR')
  @Mutation(() => UpdateAccountPayload, { description: 'Change the settings that are given.' })
  updateAccount(
    @Arg('input', () => UpdateAccountInput) input: UpdateAccountInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<UpdateAccountPayload> {
    const ref = accountRef(input.accountId);
    return payload(async () => ({
      account: await services.accounts.updateSettings(viewer, ref, toAccountSettings(input)),
    }));
  }

  @RequiresRole('OPERATOR')
  @Mutation(() => AccountPayload, { description: 'Stop collecting until it is resumed.' })
  pauseAccount(
    @Arg('input', () => AccountIdInput) { accountId }: AccountIdInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<AccountPayload> {
    return payload(async () => ({ account: await services.accounts.pause(viewer, accountRef(accountId)) }));
  }

  @RequiresRole('OPERATOR')
  @Mutation(() => AccountPayload, { description: 'Collect again after a pause.' })
  resumeAccount(
    @Arg('input', () => AccountIdInput) { accountId }: AccountIdInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<AccountPayload> {
    return payload(async () => ({ account: await services.accounts.resume(viewer, accountRef(accountId)) }));
  }

  @RequiresRole('OPERATOR')
  @Mutation(() => RemoveAccountPayload, {
    description:
      'Forget credentials and stop collecting. With `keepHistory` the account stays as a REMOVED tombstone with its ' +
      'resources and points; the external ID is never used again for anyone.',
  })
  removeAccount(
    @Arg('input', () => RemoveAccountInput) { accountId, keepHistory }: RemoveAccountInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<RemoveAccountPayload> {
    return payload(async () => {
      await services.accounts.remove(viewer, accountRef(accountId), keepHistory);
      return { removedAccountId: accountId };
    });
  }

  @RequiresRole('OPERATOR')
  @Mutation(() => RotateExternalIdPayload, {
    description:
      'Start a rotation: a PENDING external ID beside the ACTIVE one. Collection never stops. It is promoted as soon ' +
      'as STS accepts it.',
  })
  rotateExternalId(
    @Arg('input', () => AccountIdInput) { accountId }: AccountIdInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<RotateExternalIdPayload> {
    return payload(async () => {
      const rotation = await services.accounts.rotateExternalId(viewer, accountRef(accountId));
      return { ...rotation, onboarding: await services.accounts.onboarding(rotation.account) };
    });
  }

  @RequiresRole('OPERATOR')
  @Mutation(() => AccountPayload, {
    description: 'Give up a rotation: the PENDING one is retired, the ACTIVE one stays.',
  })
  cancelExternalIdRotation(
    @Arg('input', () => AccountIdInput) { accountId }: AccountIdInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<AccountPayload> {
    return payload(async () => ({
      account: await services.accounts.cancelRotation(viewer, accountRef(accountId)),
    }));
  }

  @RequiresRole('OPERATOR')
  @Mutation(() => AccountPayload, { description: 'Drop every cached credential of the account at once.' })
  dropCredentials(
    @Arg('input', () => AccountIdInput) { accountId }: AccountIdInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<AccountPayload> {
    return payload(async () => ({
      account: await services.accounts.dropCredentials(viewer, accountRef(accountId)),
    }));
  }
}

/** The account of a mutation's input; the core answers NotFound when the id is none. */
export function accountRef(givenId: string): AccountRef {
  return { accountId: keyOf('Account', givenId), givenId };
}

function registration(input: RegisterAccountInput): RegisterInput {
  const { name, awsAccountId, partition, tenantId } = input;
  const tenant = tenantId == null ? undefined : keyOf('Tenant', tenantId);
  return { ...toAccountSettings(input), name, awsAccountId, partition, tenantId: tenant };
}
