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

  /** A pattern of policies that all such ids match. */
  readonly pattern: string;

  /**
   * Whether one of them may be that of a resource with a logical ID.
   *
   * @default - any may be
   */
  readonly mayBeOf?: (id: string, logicalId: string) => boolean;

  /**
   * All ids that AWS may draw for a resource, as a regular expression; and what people read where it does not matter which it is.
   *
   * @default - only `drawnLike` tells
   */
  readonly language?: (resource: NamedByAws) => IdLanguage;

  /**
   * Patterns that such ids match, and what stands for them as long as they are not known does not; and an id that AWS may draw. The first group is the pattern.
   *
   * @default - none
   */
  readonly drawnLike?: { readonly patterns: RegExp; readonly example: string };
}

/** What the name of a resource is made of. */
export interface NamedByAws {
  /** What CloudFormation calls its stack; undefined if it draws that name, too. */
  readonly stack?: string;
  readonly logicalId: string;
  readonly property: (name: string) => unknown;
}

export interface IdLanguage {
  readonly pattern: string;

  /** An id without meaning, whose characters are taken where any may stand. */
  readonly ordinary: string;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const KEY_ID = new RegExp(`(?:key/|"KMSMasterKeyID":"|-kms-key-id":")(mrk-[0-9a-f]{32}|${UUID})\\b`, 'gi');
const DISTRIBUTION_ID = /distribution\/(E[A-Z0-9]{9,15})\b/g;
const hexadecimal = (prefix: string) => new RegExp(`\\b(${prefix}-(?:[0-9a-f]{17}|[0-9a-f]{8}))\\b`, 'g');
const uniqueId = (prefix: string) => new RegExp(`\\b(${prefix}[A-Z0-9]{12,28})\\b`, 'g');

/** The end of a name is looked for first, because texts have few of them. */
const NAME = /-[A-Za-z0-9]{8,14}(?![A-Za-z0-9.-])(?<=(?<![A-Za-z0-9.-])([A-Za-z0-9.-]+))/g;

/** What CloudFormation names a resource: `<stack>-<logical ID>-<random>`, where stack and logical ID may be cut. */
const NAME_PATTERN = '*-*-????????*';

const like = (patterns: RegExp, example: string): DrawnId['drawnLike'] => ({ patterns, example });

const DRAWN_END = 'drawnbyaws0000';

/**
 * What CloudFormation names a resource: `<stack>-<logical ID>-<random>`. Where that is longer than the service takes, stack and logical ID are cut;
 * where, and how long the end is, is not documented.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
function namesOf({ stack, logicalId }: NamedByAws, longest: number, characters: string): IdLanguage {
  const begin = `${stack ?? ''}-${logicalId}-`;
  const isWhole = stack !== undefined && begin.length + DRAWN_END.length <= longest;
  const cut = `${stack === undefined ? `[${characters}-]+` : beginningOf(stack)}-${beginningOf(logicalId)}-`;
  return { pattern: `${isWhole ? begin : cut}[${characters}]{8,${DRAWN_END.length}}`, ordinary: begin + DRAWN_END };
}

const LONGEST_PART = 64; // characters: no name is longer

/** Any beginning of a text that has a character. */
function beginningOf(text: string): string {
  const [first, ...others] = text.slice(0, LONGEST_PART);
  return `${first}${others.map((character) => `(?:${character}`).join('')}${')?'.repeat(others.length)}`;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function bucketNames({ stack, logicalId, ...others }: NamedByAws): IdLanguage {
  return namesOf({ stack: stack?.toLowerCase(), logicalId: logicalId.toLowerCase(), ...others }, 63, 'a-z0-9');
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const identityNames = (named: NamedByAws) => namesOf(named, 64, 'A-Za-z0-9');

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html */
function keyIds({ property }: NamedByAws): IdLanguage {
  const isMultiRegion = property('MultiRegion') ?? false;
  const ofOneRegion = UUID;
  const ofSeveral = 'mrk-[0-9a-f]{32}';
  return [true, 'true'].includes(isMultiRegion as boolean) ? { pattern: ofSeveral, ordinary: 'mrk-d1e2a3d4b5e64e7f8a9b0c1d2e3f4a5b' }
    : { pattern: [false, 'false'].includes(isMultiRegion as boolean) ? ofOneRegion : `${ofOneRegion}|${ofSeveral}`, ordinary: 'd1e2a3d4-b5e6-4e7f-8a9b-0c1d2e3f4a5b' };
}

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
  { type: 'AWS::EC2::VPCEndpoint', attribute: 'Ref', givenBy: [], isFoundByType: false, form: hexadecimal('vpce'), pattern: 'vpce-*', drawnLike: like(/\b(vpce-[0-9a-f]*[*?])/g, 'vpce-0d1e2a3d4b5e6e7f8') },
  { type: 'AWS::EC2::VPC', attribute: 'Ref', givenBy: [], isFoundByType: false, form: hexadecimal('vpc'), pattern: 'vpc-*', drawnLike: like(/\b(vpc-[0-9a-f]*[*?])/g, 'vpc-0d1e2a3d4b5e6e7f8') },
  { type: 'AWS::IAM::Role', attribute: 'RoleId', givenBy: [], isFoundByType: false, form: uniqueId('AROA'), pattern: 'AROA*', drawnLike: like(/\b(AROA[A-Z0-9]*[*?])/g, 'AROAXQZJWKYV017900000') },
  { type: 'AWS::CloudFront::Distribution', attribute: 'Ref', givenBy: [], isFoundByType: true, form: DISTRIBUTION_ID, pattern: 'E*', drawnLike: like(/distribution\/(E[A-Z0-9]*[*?])/g, 'EXQZJWKYV01790') },
  { type: 'AWS::KMS::Key', attribute: 'Ref', givenBy: [], isFoundByType: true, form: KEY_ID, pattern: '*-*', language: keyIds },
  { type: 'AWS::S3::Bucket', attribute: 'Ref', givenBy: ['BucketName', 'BucketNamePrefix'], isFoundByType: true, form: NAME, pattern: NAME_PATTERN, mayBeOf: mayBeNameOf, language: bucketNames },
  { type: 'AWS::IAM::Role', attribute: 'Ref', givenBy: ['RoleName'], isFoundByType: false, form: NAME, pattern: NAME_PATTERN, mayBeOf: mayBeNameOf, language: identityNames },
  { type: 'AWS::IAM::User', attribute: 'Ref', givenBy: ['UserName'], isFoundByType: false, form: NAME, pattern: NAME_PATTERN, mayBeOf: mayBeNameOf, language: identityNames },
];

/** The row of an id that AWS draws, where policies compare it. */
export function drawnId(type: string, attribute: string): DrawnId | undefined {
  return DRAWN_IDS.find((one) => one.type === type && one.attribute === attribute);
}
