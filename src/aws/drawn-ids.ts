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

  /** What it looks like, for a resource with a logical ID. */
  readonly form: (logicalId: string) => RegExp;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const hexadecimal = (prefix: string) => () => new RegExp(`\\b${prefix}-(?:[0-9a-f]{17}|[0-9a-f]{8})\\b`, 'g');
const keyId = () => new RegExp(`(?<=key/|"KMSMasterKeyID":"|-kms-key-id":")(?:mrk-[0-9a-f]{32}|${UUID})\\b`, 'gi');
const uniqueId = (prefix: string) => () => new RegExp(`\\b${prefix}[A-Z0-9]{12,28}\\b`, 'g');

/** CloudFormation cuts the names of stack and resource where they are long, and draws the end. */
const nameOf = (logicalId: string) => new RegExp(`(?<![A-Za-z0-9.-])[A-Za-z0-9.-]*${logicalId.slice(0, 8)}[A-Za-z0-9]*-[A-Za-z0-9]{8,14}(?![A-Za-z0-9.-])`, 'gi');

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
  { type: 'AWS::CloudFront::Distribution', attribute: 'Ref', givenBy: [], isFoundByType: true, form: () => /(?<=distribution\/)E[A-Z0-9]{9,15}\b/g },
  { type: 'AWS::KMS::Key', attribute: 'Ref', givenBy: [], isFoundByType: true, form: keyId },
  { type: 'AWS::S3::Bucket', attribute: 'Ref', givenBy: ['BucketName', 'BucketNamePrefix'], isFoundByType: true, form: nameOf },
  { type: 'AWS::IAM::Role', attribute: 'Ref', givenBy: ['RoleName'], isFoundByType: false, form: nameOf },
  { type: 'AWS::IAM::User', attribute: 'Ref', givenBy: ['UserName'], isFoundByType: false, form: nameOf },
];
