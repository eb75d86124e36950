import { PARTITIONS } from '../aws/partition';
import type { Partition } from './account';
import { selfAuditPolicy } from './onboarding-policies';
import {
  READ_POLICY_NAME,
  SELF_AUDIT_NOTE,
  SELF_AUDIT_POLICY_NAME,
  STEP_NOTES,
  type CustomerRole,
} from './onboarding-role';

/** The role as a CloudFormation template, JSON. A stack that was made from it before is updated with it. */
export function cloudFormationTemplate(role: CustomerRole): string {
  const roleArn = { 'Fn::GetAtt': ['RolecallRole', 'Arn'] };
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: STEP_NOTES[role.step],
    Parameters: {
      SelfAudit: {
        Type: 'String',
        Description: SELF_AUDIT_NOTE,
        AllowedValues: ['yes', 'no'],
        Default: 'yes',
      },
    },
    Conditions: { WithSelfAudit: { 'Fn::Equals': [{ Ref: 'SelfAudit' }, 'yes'] } },
    Resources: {
      RolecallRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: role.name,
          Path: role.path,
          Description: role.description,
          AssumeRolePolicyDocument: role.trustPolicy,
          Policies: [{ PolicyName: READ_POLICY_NAME, PolicyDocument: role.permissionPolicy }],
        },
      },
      RolecallSelfAudit: {
        Type: 'AWS::IAM::Policy',
        Condition: 'WithSelfAudit',
        Properties: {
          PolicyName: SELF_AUDIT_POLICY_NAME,
          Roles: [{ Ref: 'RolecallRole' }],
          PolicyDocument: selfAuditPolicy(roleArn),
        },
      },
    },
    Outputs: { RoleArn: { Description: 'Paste this into connectAccount', Value: roleArn } },
  };
  return JSON.stringify(template, null, 2);
}

/** Where a template is uploaded: for a new stack, or to the one that is chosen from the list. */
export function cloudFormationConsoleUrl(partition: Partition, { step }: CustomerRole): string {
  const { consoleHost, homeRegion } = PARTITIONS[partition];
  const page = step === 'CREATE' ? '/create' : '';
  return `https://${consoleHost}/cloudformation/home?region=${homeRegion}#/stacks${page}`;
}
