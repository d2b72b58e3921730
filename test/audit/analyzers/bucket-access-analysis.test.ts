import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as accessanalyzer from 'aws-cdk-lib/aws-accessanalyzer';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  AuditAnalyzer, BucketAccessAnalysis, Consumer, CrossAccountGrant, DatasetAccess, KeyPolicyScope, PrincipalBinding, SecureBucket, SharedDatasetAccessPoint,
} from '../../../src';
import { PRODUCER, synthesisErrors, testStack, warnings } from '../../support/apps';
import { deployedExports, deployedValue } from '../../support/deployed-policy';

const ENVIRONMENT = { ...PRODUCER, stackName: 'Stack' };
const CONSUMER = '444455556666';
const APP = `arn:aws:iam::${CONSUMER}:role/App`;
const ANALYZER = 'arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/account';

/** What of a finding archive rules look at. */
interface Finding {
  readonly resource: string;
  readonly isPublic: boolean;
  readonly principal?: string;
  readonly condition?: Record<string, string>;
}

/** Whether one of the rules archives a finding: all criteria of a rule, any value of a criterion. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-archive-rules.html */
function isArchived({ resource, isPublic, principal, condition = {} }: Finding, rules: any[]): boolean {
  const fields: Record<string, string | undefined> = {
    resource, 'isPublic': String(isPublic), 'principal.AWS': principal, ...Object.fromEntries(Object.entries(condition).map(([key, value]) => [`condition.${key}`, value])),
  };
  return rules.some(({ Filter }) => Filter.every(({ Property, Eq }: any) => fields[Property] !== undefined && Eq.includes(fields[Property])));
}

interface Shared {
  readonly stack: Stack;
  readonly bucket: SecureBucket;
}

/** Whether findings about a bucket, or its key, are archived, where it is shared in some way. */
function archivedWhere(share: (shared: Shared) => unknown): (finding: Omit<Finding, 'resource' | 'isPublic'> & { of?: 'bucket' | 'key' | 'other'; isPublic?: boolean }) => boolean {
  const stack = testStack();
  const bucket = new SecureBucket(stack, 'Data', { bucketName: 'data' });
  new BucketAccessAnalysis(stack, 'Access', { buckets: [bucket], externalAccess: AuditAnalyzer.create() });
  share({ stack, bucket });
  expect(synthesisErrors(stack)).toBe('');
  const template = Template.fromStack(stack);
  const deployed = (value: unknown) => deployedValue(stack.resolve(value), template.toJSON() as any, ENVIRONMENT);
  const [{ Properties: { ArchiveRules: rules = [] } }] = Object.values(template.findResources('AWS::AccessAnalyzer::Analyzer'));
  const resources = { bucket: 'arn:aws:s3:::data', key: deployed(bucket.encryptionKey!.keyArn), other: 'arn:aws:s3:::data-2' };
  return ({ of = 'bucket', isPublic = false, ...finding }) => isArchived({ resource: resources[of], isPublic, ...finding }, deployed(rules));
}

describe('what is shared with a role', () => {
  const archived = archivedWhere(({ stack, bucket }) => new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.roleArn(APP), access: DatasetAccess.READ }));

  test('is archived, for the bucket and its key', () => {
    expect([archived({ principal: APP }), archived({ of: 'key', principal: APP })]).toEqual([true, true]);
  });

  test.each<[string, Parameters<typeof archived>[0]]>([
    ['another role of the account', { principal: `${APP}2` }],
    ['the account', { principal: CONSUMER }],
    ['another account', { principal: '777788889999' }],
    ['everybody', { principal: '*', isPublic: true }],
    ['the role, if access is public', { principal: APP, isPublic: true }],
    ['another bucket', { of: 'other', principal: APP }],
    ['nobody that is named', {}],
  ])('is no reason to archive %s', (_, finding) => {
    expect(archived(finding)).toBe(false);
  });
});

test('what is shared with an account is archived for it, and not for others', () => {
  const archived = archivedWhere(({ stack, bucket }) => new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.account(CONSUMER), access: DatasetAccess.READ }));
  expect([CONSUMER, '777788889999', APP].map((principal) => archived({ principal }))).toEqual([true, false, false]);
});

test('what is bound to an account and an ARN is archived for both together', () => {
  const archived = archivedWhere(({ stack, bucket }) => new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.roleArn(APP), access: DatasetAccess.READ, principalBinding: PrincipalBinding.ACCOUNT }));
  const arn = (value: string) => ({ 'aws:PrincipalArn': value });
  expect([{ principal: CONSUMER, condition: arn(APP) }, { principal: CONSUMER }, { principal: CONSUMER, condition: arn(`${APP}2`) }, { principal: '777788889999', condition: arn(APP) }].map(archived))
    .toEqual([true, false, false, false]);
});

test('a key that is for an organization is archived for that', () => {
  const archived = archivedWhere(({ stack, bucket }) => new CrossAccountGrant(stack, 'Grant', {
    bucket, consumer: Consumer.roleArn(APP), access: DatasetAccess.READ, keyPolicyScope: KeyPolicyScope.organization('o-exampleorgid'),
  }));
  const organization = (id: string) => ({ of: 'key' as const, principal: '*', condition: { 'aws:PrincipalOrgID': id } });
  expect([archived(organization('o-exampleorgid')), archived(organization('o-otherorgid0')), archived({ ...organization('o-exampleorgid'), of: 'bucket' })]).toEqual([true, false, false]);
});

test('what is shared through an access point is archived for the bucket behind it', () => {
  const archived = archivedWhere(({ stack, bucket }) => new SharedDatasetAccessPoint(stack, 'Team', { bucket }).grantRead(Consumer.roleArn(APP)));
  expect([archived({ principal: APP }), archived({ of: 'key', principal: CONSUMER }), archived({ principal: `${APP}2` })]).toEqual([true, true, false]); // the key names accounts
});

test('what is shared within the account, or of other buckets, archives nothing', () => {
  const archived = archivedWhere(({ stack, bucket }) => {
    new CrossAccountGrant(stack, 'Grant', { bucket, consumer: new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }), access: DatasetAccess.READ });
    new CrossAccountGrant(stack, 'Other', { bucket: new SecureBucket(stack, 'More', { bucketName: 'data-2' }), consumer: Consumer.roleArn(APP), access: DatasetAccess.READ });
  });
  expect([archived({ principal: APP }), archived({ of: 'other', principal: APP })]).toEqual([false, false]);
});

test('a bucket and a role of other stacks are named as well', () => {
  const app = new App({ analyticsReporting: false });
  const consumer = new iam.Role(new Stack(app, 'Consumer', { env: { ...PRODUCER, account: CONSUMER } }), 'Role', { assumedBy: new iam.AccountRootPrincipal(), roleName: 'App' });
  const data = new Stack(app, 'Data', { env: PRODUCER });
  const bucket = new SecureBucket(data, 'Data', { bucketName: 'data' });
  new CrossAccountGrant(data, 'Grant', { bucket, consumer, access: DatasetAccess.READ });
  const stack = new Stack(app, 'Stack', { env: PRODUCER });
  new BucketAccessAnalysis(stack, 'Access', { buckets: [bucket], externalAccess: AuditAnalyzer.create(), internalAccess: AuditAnalyzer.create() });
  expect(synthesisErrors(stack)).toBe('');
  const [{ Properties: { ArchiveRules: rules } }] = Object.values(Template.fromStack(stack).findResources('AWS::AccessAnalyzer::Analyzer'));
  const exports = deployedExports(Template.fromStack(data).toJSON() as any, { ...PRODUCER, stackName: 'Data' });
  const deployed = deployedValue(rules, Template.fromStack(stack).toJSON() as any, { ...ENVIRONMENT, exports });
  expect(isArchived({ resource: 'arn:aws:s3:::data', isPublic: false, principal: APP }, deployed)).toBe(true);
});

test('criteria have 20 values at most, and name all consumers', () => {
  const roles = Array.from({ length: 45 }, (_, i) => `${APP}${i}`);
  const archived = archivedWhere(({ stack, bucket }) => new CrossAccountGrant(stack, 'Grant', { bucket, consumers: roles.map((arn) => Consumer.roleArn(arn)), access: DatasetAccess.READ }));
  expect(roles.filter((principal) => !archived({ principal }))).toEqual([]);
});

describe('an analyzer of its own', () => {
  const bucketOf = (stack: Stack, name: string) => s3.Bucket.fromBucketName(stack, name, name);

  test('is one for all analyses of a stack, stays when the stack is deleted, and says so', () => {
    const stack = testStack();
    const [one, two] = ['one', 'two'].map((name) => new BucketAccessAnalysis(stack, name, { buckets: [bucketOf(stack, `bucket-${name}`)], externalAccess: AuditAnalyzer.create(), internalAccess: AuditAnalyzer.create() }));
    expect(synthesisErrors(stack)).toBe('');
    expect([one.externalAnalyzerArn, one.internalAnalyzerArn]).toEqual([two.externalAnalyzerArn, two.internalAnalyzerArn]);
    const analyzers = Object.values(Template.fromStack(stack).findResources('AWS::AccessAnalyzer::Analyzer'));
    expect(analyzers.map(({ Properties, DeletionPolicy, UpdateReplacePolicy }) => [Properties.Type, DeletionPolicy, UpdateReplacePolicy]))
      .toEqual([['ACCOUNT', 'Retain', 'Retain'], ['ACCOUNT_INTERNAL_ACCESS', 'Retain', 'Retain']]);
    const { Inclusions } = analyzers[1].Properties.AnalyzerConfiguration.InternalAccessConfiguration.InternalAccessAnalysisRule;
    expect(deployedValue(Inclusions, {} as any, ENVIRONMENT)).toEqual([{ ResourceArns: ['arn:aws:s3:::bucket-one'] }, { ResourceArns: ['arn:aws:s3:::bucket-two'] }]);
    const infos = stack.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === 'aws:cdk:info').map(({ data }) => String(data));
    expect(infos).toHaveLength(2);
    expect(infos[0]).toContain('stays when its stack is deleted');
  });

  test('of two stacks of one account and Region fails synthesis, of two Regions does not', () => {
    const analyze = (...regions: string[]) => {
      const app = new App({ analyticsReporting: false });
      const stacks = regions.map((region, i) => new Stack(app, `Stack${i}`, { env: { ...PRODUCER, region } }));
      stacks.forEach((stack) => new BucketAccessAnalysis(stack, 'Access', { buckets: [bucketOf(stack, 'data')], externalAccess: AuditAnalyzer.create() }));
      return synthesisErrors(stacks[0]);
    };
    expect(analyze('eu-west-1', 'eu-west-1')).toContain('are of one type, account and Region, and there is room for one. Make one, and pass it with AuditAnalyzer.fromCfnAnalyzer.');
    expect(analyze('eu-west-1', 'eu-central-1')).toBe('');
  });

  test.each<[string, (analyzer: accessanalyzer.CfnAnalyzer) => unknown]>([
    ['an override of its rules', (analyzer) => analyzer.addPropertyOverride('ArchiveRules', [])],
    ['its removal', (analyzer) => analyzer.node.scope!.node.tryRemoveChild(analyzer.node.id)],
  ])('%s fails synthesis', (_, change) => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Data', { bucketName: 'data' });
    new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.roleArn(APP), access: DatasetAccess.READ });
    new BucketAccessAnalysis(stack, 'Access', { buckets: [bucket], externalAccess: AuditAnalyzer.create() });
    change(stack.node.findChild('CdkSecureBucketExternalAccessAnalyzer') as accessanalyzer.CfnAnalyzer);
    expect(synthesisErrors(stack)).toMatch(/does not know the buckets, or what is shared on purpose|has been removed from the construct tree/);
  });
});

describe('an analyzer of the app', () => {
  const share = (stack: Stack) => {
    const bucket = new SecureBucket(stack, 'Data', { bucketName: 'data' });
    new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.roleArn(APP), access: DatasetAccess.READ });
    return bucket;
  };

  test('keeps its rules beside those of the buckets', () => {
    const stack = testStack();
    const own = { ruleName: 'Partner', filter: [{ property: 'principal.AWS', eq: ['777788889999'] }] };
    const analyzer = new accessanalyzer.CfnAnalyzer(stack, 'Analyzer', { type: 'ORGANIZATION', archiveRules: [own] });
    new BucketAccessAnalysis(stack, 'Access', { buckets: [share(stack)], externalAccess: AuditAnalyzer.fromCfnAnalyzer(analyzer) });
    expect(synthesisErrors(stack)).toBe('');
    const [{ Properties: { ArchiveRules: rules } }] = Object.values(Template.fromStack(stack).findResources('AWS::AccessAnalyzer::Analyzer'));
    const deployed = deployedValue(rules, Template.fromStack(stack).toJSON() as any, ENVIRONMENT);
    expect(isArchived({ resource: 'arn:aws:s3:::any', isPublic: false, principal: '777788889999' }, deployed)).toBe(true);
    expect(isArchived({ resource: 'arn:aws:s3:::data', isPublic: false, principal: APP }, deployed)).toBe(true);
  });

  test('of internal access keeps what it includes', () => {
    const stack = testStack();
    const analyzerConfiguration = { internalAccessConfiguration: { internalAccessAnalysisRule: { inclusions: [{ resourceTypes: ['AWS::DynamoDB::Table'] }] } } };
    const analyzer = new accessanalyzer.CfnAnalyzer(stack, 'Analyzer', { type: 'ACCOUNT_INTERNAL_ACCESS', analyzerConfiguration });
    new BucketAccessAnalysis(stack, 'Access', { buckets: [s3.Bucket.fromBucketName(stack, 'Data', 'data')], internalAccess: AuditAnalyzer.fromCfnAnalyzer(analyzer) });
    expect(synthesisErrors(stack)).toBe('');
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::AccessAnalyzer::Analyzer'));
    expect(deployedValue(Properties.AnalyzerConfiguration.InternalAccessConfiguration.InternalAccessAnalysisRule.Inclusions, {} as any, ENVIRONMENT))
      .toEqual([{ ResourceTypes: ['AWS::DynamoDB::Table'] }, { ResourceArns: ['arn:aws:s3:::data'] }]);
  });

  test.each<[string, accessanalyzer.CfnAnalyzerProps, 'externalAccess' | 'internalAccess', string]>([
    ['of unused access', { type: 'ACCOUNT_UNUSED_ACCESS' }, 'externalAccess', "the analyzer 'Stack/Analyzer' is of the type ACCOUNT_UNUSED_ACCESS, which finds no external access. Pass one of the type ACCOUNT or ORGANIZATION."],
    ['of external access', { type: 'ACCOUNT' }, 'internalAccess', 'which finds no internal access'],
    ['of internal access that says not what it includes', { type: 'ACCOUNT_INTERNAL_ACCESS' }, 'internalAccess', "the inclusions of the analyzer 'Stack/Analyzer' are not written in the app as a list"],
  ])('%s is refused', (_, props, kind, message) => {
    const stack = testStack();
    const analyzer = AuditAnalyzer.fromCfnAnalyzer(new accessanalyzer.CfnAnalyzer(stack, 'Analyzer', props));
    expect(() => new BucketAccessAnalysis(stack, 'Access', { buckets: [s3.Bucket.fromBucketName(stack, 'Data', 'data')], [kind]: analyzer })).toThrow(message);
  });
});

describe('an analyzer elsewhere', () => {
  test('gets its rules handed over, with a warning', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Data', { bucketName: 'data' });
    const analysis = new BucketAccessAnalysis(stack, 'Access', { buckets: [bucket], externalAccess: AuditAnalyzer.fromAnalyzerArn(ANALYZER), internalAccess: AuditAnalyzer.fromAnalyzerArn(ANALYZER) });
    new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.roleArn(APP), access: DatasetAccess.READ });
    const template = Template.fromStack(stack);
    const outputs = Object.entries(template.findOutputs('*')).map(([id, { Value }]) => [id, deployedValue(Value, template.toJSON() as any, ENVIRONMENT)]);
    const added = (what: string) => JSON.parse(outputs.find(([id]) => id.includes(what))![1]);
    expect(isArchived({ resource: 'arn:aws:s3:::data', isPublic: false, principal: APP }, added('ArchiveRulesToAdd'))).toBe(true);
    expect(added('InclusionsToAdd')).toEqual([{ ResourceArns: ['arn:aws:s3:::data'] }]);
    expect(warnings(analysis)).toEqual(['cdk-secure-bucket:handedOverArchiveRules', 'cdk-secure-bucket:handedOverInclusions']);
    template.resourceCountIs('AWS::AccessAnalyzer::Analyzer', 0);
  });

  test('of another account may be one of the organization, or not: not decided', () => {
    const stack = testStack();
    const externalAccess = AuditAnalyzer.fromAnalyzerArn(ANALYZER.replace('111122223333', '777788889999'));
    const analysis = new BucketAccessAnalysis(stack, 'Access', { buckets: [s3.Bucket.fromBucketName(stack, 'Data', 'data')], externalAccess });
    expect(warnings(analysis)).toContain('cdk-secure-bucket:analyzerCoverageNotDecided');
  });
});

test.each<[string, (stack: Stack) => unknown, string]>([
  ['nothing to analyze', (stack) => new BucketAccessAnalysis(stack, 'Access', { buckets: [s3.Bucket.fromBucketName(stack, 'Data', 'data')] }), "neither 'externalAccess' nor 'internalAccess' is analyzed."],
  ['no buckets', (stack) => new BucketAccessAnalysis(stack, 'Access', { buckets: [], externalAccess: AuditAnalyzer.create() }), "'buckets': it is not a list of buckets, one at least"],
  ['a bucket of another Region', (stack) => new BucketAccessAnalysis(stack, 'Access', {
    buckets: [s3.Bucket.fromBucketAttributes(stack, 'Data', { bucketName: 'data', region: 'us-east-1' })], externalAccess: AuditAnalyzer.create(),
  }), 'and the analyzer analyzes the Region eu-west-1 only. Make a BucketAccessAnalysis in a stack of the Region of the bucket.'],
  ['what is no analyzer', (stack) => new BucketAccessAnalysis(stack, 'Access', {
    buckets: [s3.Bucket.fromBucketName(stack, 'Data', 'data')], externalAccess: AuditAnalyzer.fromAnalyzerArn('arn:aws:s3:::data'),
  }), "'arn:aws:s3:::data' is not the ARN of an analyzer."],
])('%s is refused', (_, make, message) => {
  expect(() => make(testStack())).toThrow(message);
});
