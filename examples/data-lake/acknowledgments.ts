import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/** The policies of roles that the CDK writes are inline policies: they belong to one role, and go with it. */
export function acknowledgeInlinePolicies(scope: IConstruct): void {
  const reason = 'The policy belongs to this role alone, and is deleted with it.';
  const rules = ['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => ({ id: `${pack}-IAMNoInlinePolicy`, reason }));
  scope.node.findAll().filter((construct) => construct instanceof iam.Policy).forEach((policy) => Validations.of(policy).acknowledge(...rules));
}
