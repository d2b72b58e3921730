import { CfnResource, Stack } from 'aws-cdk-lib';
import { ObjectAccess } from './identity-access';
import { bucketsNamed, readResource } from './named-references';
import { NamesInPolicies } from './names-in-policies';
import { jsonText } from '../../policy/json';

const SERVICE_LINKED_ROLE = 'role/aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess';

/** The locations in S3 that are registered with Lake Formation, which reads and writes them by a role. */
export class RegisteredLocations {
  private readonly roles = new Map<string, ObjectAccess[]>();

  constructor(resources: readonly CfnResource[]) {
    resources.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::LakeFormation::Resource').forEach((resource) => this.file(resource));
  }

  /**
   * Who reads and writes a bucket by a role of Lake Formation. Of what that may do with a key, only policies of the app tell: the role that Lake Formation
   * makes for itself gets no key by itself.
   *
   * @see https://docs.aws.amazon.com/lake-formation/latest/dg/register-encrypted.html
   */
  public of(bucket: NamesInPolicies): ObjectAccess[] {
    return bucket.all.flatMap((name) => this.roles.get(name) ?? []);
  }

  private file(resource: CfnResource): void {
    const { ResourceArn, RoleArn, UseServiceLinkedRole } = readResource(resource)?.properties ?? {};
    const holder = RoleArn === undefined || UseServiceLinkedRole === true ? Stack.of(resource).formatArn({ service: 'iam', region: '', resource: SERVICE_LINKED_ROLE }) : jsonText(RoleArn);
    const accesses = (['read', 'write'] as const).map((use) => ({ holder, use, policy: resource.node.path }));
    bucketsNamed(jsonText(ResourceArn)).forEach((name) => this.roles.set(name, [...(this.roles.get(name) ?? []), ...accesses]));
  }
}
