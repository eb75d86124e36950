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

  @Field(() => String, { description: 'The name that the templates give the role.' })
  roleName: string;

  @Field(() => Arn, { nullable: true, description: "Null until the account's number is known." })
  suggestedRoleArn: string | null;

  @Field(() => JSONObject, { description: 'During a rotation it accepts both external IDs.' })
  trustPolicy: Record<string, unknown>;

  @Field(() => JSONObject, {
    description: 'The least that the enabled plugins need, generated from what they declare.',
  })
  permissionPolicy: Record<string, unknown>;

  @Field(() => String)
  cloudFormationTemplate: string;

  @Field(() => String, {
    description: 'Opens CloudFormation in the AWS console at the step where the template is uploaded.',
  })
  cloudFormationConsoleUrl: string;
}
