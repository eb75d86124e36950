import { Field, ObjectType } from 'type-graphql';
import type { Onboarding } from '../../core/accounts/onboarding';
import { Arn, AwsAccountId, JSONObject } from '../scalars';

@ObjectType('Onboarding', {
  description: 'What the customer must create, or change during a rotation, to let Rolecall in.',
})
export class OnboardingType implements Onboarding {
  @Field(() => AwsAccountId, {
    description: "The AWS account (and principal) that the trust policy must name: Rolecall's own.",
  })
  gatewayAwsAccountId: string;

  @Field(() => Arn)
  gatewayPrincipalArn: string;

  @Field(() => String, {
    description: 'The name that the templates give the role; of the connected role, once there is one.',
  })
  roleName: string;

  @Field(() => Arn, { nullable: true, description: "Null until the account's number is known." })
  suggestedRoleArn: string | null;

  @Field(() => JSONObject, { description: 'During a rotation it accepts both external IDs.' })
  trustPolicy: Record<string, unknown>;

  @Field(() => JSONObject, {
    description: 'The least that the enabled plugins need, generated from what they declare.',
  })
  permissionPolicy: Record<string, unknown>;

  @Field(() => JSONObject, {
    nullable: true,
    description:
      "Optional: lets Rolecall read this role itself, to find an external ID of somebody else in its trust policy, and permissions beyond need. Part of the templates, where it can be left out. Null until the account's number is known.",
  })
  selfAuditPolicy: Record<string, unknown> | null;

  @Field(() => String, { description: 'JSON. A stack that was made from it before is updated with it.' })
  cloudFormationTemplate: string;

  @Field(() => String, {
    description:
      'Opens CloudFormation in the AWS console at the step where the template is uploaded; once a role is connected, at the list of stacks, whose own is to be updated.',
  })
  cloudFormationConsoleUrl: string;

  @Field(() => String, { description: 'For the AWS provider of Terraform or OpenTofu.' })
  terraform: string;

  @Field(() => String, {
    description:
      'Commands of the AWS CLI, to be pasted into a POSIX shell. During a rotation they change the trust policy alone.',
  })
  awsCliCommands: string;
}
