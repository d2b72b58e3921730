/** An id or a name that AWS draws when a resource is created. */
export interface DrawnId {
  /** The type of the resource. */
  readonly type: string;

  /** The attribute of the resource that is the id: `Ref`, or the one that `Fn::GetAtt` reads. */
  readonly attribute: string;

  /** The property that gives the name instead, where there is one. */
  readonly givenBy: readonly string[];

  /** Whether rules look for such resources, be they referred to or not. */
  readonly isFoundByType: boolean;

  /** What all such ids look like in a text; the first group is the id. */
  readonly form: RegExp;

  /**
   * Whether one of them may be that of a resource with a logical ID.
   *
   * @default - any may be
   */
  readonly mayBeOf?: (id: string, logicalId: string) => boolean;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const KEY_ID = new RegExp(`(?:key/|"KMSMasterKeyID":"|-kms-key-id":")(mrk-[0-9a-f]{32}|${UUID})\\b`, 'gi');
const DISTRIBUTION_ID = /distribution\/(E[A-Z0-9]{9,15})\b/g;
const hexadecimal = (prefix: string) => new RegExp(`\\b(${prefix}-(?:[0-9a-f]{17}|[0-9a-f]{8}))\\b`, 'g');
const uniqueId = (prefix: string) => new RegExp(`\\b(${prefix}[A-Z0-9]{12,28})\\b`, 'g');

/** The end of a name is looked for first, because texts have few of them. */
const NAME = /-[A-Za-z0-9]{8,14}(?![A-Za-z0-9.-])(?<=(?<![A-Za-z0-9.-])([A-Za-z0-9.-]+))/g;

/** CloudFormation cuts the names of stack and resource where they are long, and draws the end. */
function mayBeNameOf(name: string, logicalId: string): boolean {
  const [, resource] = /([a-z0-9]*)-[a-z0-9]*$/.exec(name.toLowerCase())!;
  return resource.includes(logicalId.slice(0, 8).toLowerCase());
}

/**
 * The ids and names that policies compare.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export const DRAWN_IDS: readonly DrawnId[] = [
  { type: 'AWS::EC2::VPCEndpoint', attribute: 'Ref', givenBy: [], isFoundByType: false, form: hexadecimal('vpce') },
  { type: 'AWS::EC2::VPC', attribute: 'Ref', givenBy: [], isFoundByType: false, form: hexadecimal('vpc') },
  { type: 'AWS::IAM::Role', attribute: 'RoleId', givenBy: [], isFoundByType: false, form: uniqueId('AROA') },
  { type: 'AWS::CloudFront::Distribution', attribute: 'Ref', givenBy: [], isFoundByType: true, form: DISTRIBUTION_ID },
  { type: 'AWS::KMS::Key', attribute: 'Ref', givenBy: [], isFoundByType: true, form: KEY_ID },
  { type: 'AWS::S3::Bucket', attribute: 'Ref', givenBy: ['BucketName', 'BucketNamePrefix'], isFoundByType: true, form: NAME, mayBeOf: mayBeNameOf },
  { type: 'AWS::IAM::Role', attribute: 'Ref', givenBy: ['RoleName'], isFoundByType: false, form: NAME, mayBeOf: mayBeNameOf },
  { type: 'AWS::IAM::User', attribute: 'Ref', givenBy: ['UserName'], isFoundByType: false, form: NAME, mayBeOf: mayBeNameOf },
];
