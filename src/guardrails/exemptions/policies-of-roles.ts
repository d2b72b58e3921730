import { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Referring, referringIn, targetsOf } from './references';
import { propertiesOf } from '../deployed-resource';

const POLICY_TYPES = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];

/** The policies of the roles of an app, read for those roles that somebody asks about. */
export class PoliciesOfRoles {
  private readonly attached = new Map<IConstruct, CfnResource[]>();
  private readonly known = new Map<IConstruct, readonly Referring[]>();

  constructor(resources: readonly CfnResource[]) {
    resources.filter(({ cfnResourceType }) => POLICY_TYPES.includes(cfnResourceType)).forEach((policy) => {
      const { roles, Roles } = propertiesOf(policy);
      targetsOf(referringIn(roles ?? Roles, policy)).forEach((role) => this.attached.set(role, [...(this.attached.get(role) ?? []), policy]));
    });
  }

  /** The documents of a role's policies, as far as the app makes them. */
  public of(role: CfnResource): readonly Referring[] {
    const known = this.known.get(role) ?? this.read(role);
    this.known.set(role, known);
    return known;
  }

  private read(role: CfnResource): Referring[] {
    const { policies, Policies, managedPolicyArns, ManagedPolicyArns } = propertiesOf(role);
    const managed = targetsOf(referringIn(managedPolicyArns ?? ManagedPolicyArns, role)).filter(CfnResource.isCfnResource);
    const documents = [...new Set([...(this.attached.get(role) ?? []), ...managed])].map((policy) => {
      const { policyDocument, PolicyDocument } = propertiesOf(policy);
      return referringIn(policyDocument ?? PolicyDocument, policy);
    });
    return [referringIn(policies ?? Policies, role), ...documents];
  }
}
