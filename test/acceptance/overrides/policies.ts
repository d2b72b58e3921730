import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { AspectPriority, Aspects, CfnElement, CfnMapping, CfnOutput, CfnParameter, CfnResource, Fn, Lazy, NestedStack, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as cfninc from 'aws-cdk-lib/cloudformation-include';
import { aspect, Attack, condition, HarmlessChange, resource, sometimes, Target } from './attack';
import { AccessLogBucket, RequireTls, SecureBucket } from '../../../src';

export interface PolicySite {
  readonly stack: Stack;
  readonly cfnBucket: s3.CfnBucket;
  readonly policy: s3.CfnBucketPolicy;
}

const NAME = (stack: Stack) => `example-${stack.stackName.toLowerCase()}`;

function siteOf(stack: Stack, bucket: s3.Bucket): PolicySite {
  return { stack, cfnBucket: resource(bucket), policy: resource(bucket.policy!) };
}

/** Every kind of buckets that has guardrails. */
export const GUARDED: Target<PolicySite>[] = [
  { what: 'SecureBucket', where: 'Data', build: (stack) => siteOf(stack, new SecureBucket(stack, 'Data', { bucketName: NAME(stack) })) },
  { what: 'AccessLogBucket', where: 'Logs', build: (stack) => siteOf(stack, new AccessLogBucket(stack, 'Logs', { bucketName: NAME(stack) })) },
  {
    what: 's3.Bucket with a mixin',
    where: 'Reports',
    build: (stack) => {
      const bucket = new s3.Bucket(stack, 'Reports', { bucketName: NAME(stack) });
      bucket.with(new RequireTls());
      return siteOf(stack, bucket);
    },
  },
  {
    what: 'CfnBucket with a mixin',
    where: 'Legacy',
    build: (stack) => {
      const cfnBucket = new s3.CfnBucket(stack, 'Legacy', { bucketName: NAME(stack) });
      cfnBucket.with(new RequireTls());
      return { stack, cfnBucket, policy: stack.node.findAll().find(s3.CfnBucketPolicy.isCfnBucketPolicy)! };
    },
  },
];

/** An s3.Bucket that gets its guardrail when aspects run: its policy is there only then. */
export const BY_ASPECT: Target<{ stack: Stack; cfnBucket: s3.CfnBucket }> = {
  what: 's3.Bucket with an aspect',
  where: 'Reports',
  build: (stack) => {
    const bucket = new s3.Bucket(stack, 'Reports', { bucketName: NAME(stack) });
    Aspects.of(stack).add(new RequireTls());
    return { stack, cfnBucket: resource(bucket) };
  },
};

const INSECURE = /'DenyInsecureTransport' of RequireTls is missing/;
const statement = (props: iam.PolicyStatementProps) => new iam.PolicyStatement({ resources: ['*'], ...props });
const LAST = AspectPriority.READONLY + 1;
const NOTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: '*' }] };

const onPolicy = (change: (policy: s3.CfnBucketPolicy, site: PolicySite) => void) => (site: PolicySite) => change(site.policy, site);
const statementsOf = ({ policy, stack }: PolicySite): any[] => stack.resolve(policy.policyDocument).Statement;
const without = (sid: string, statements: any[]) => statements.filter(({ Sid }) => Sid !== sid);
const second = (bucket: (site: PolicySite) => unknown) => (site: PolicySite) => new CfnResource(site.stack, 'Second', {
  type: 'AWS::S3::BucketPolicy', properties: { Bucket: bucket(site), PolicyDocument: NOTHING },
});

function included({ stack, cfnBucket }: PolicySite): void {
  const templateFile = join(mkdtempSync(join(tmpdir(), 'included-')), 'template.json');
  writeFileSync(templateFile, JSON.stringify({
    Parameters: { Name: { Type: 'String' } },
    Resources: { IncludedPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Name' }, PolicyDocument: NOTHING } } },
  }));
  new cfninc.CfnInclude(stack, 'Included', { templateFile, parameters: { Name: cfnBucket.ref } });
}

/** An element that is not a CfnResource, and writes resources all the same. */
class Written extends CfnElement {
  constructor(scope: Stack, id: string, private readonly resources: object) {
    super(scope, id);
  }

  public _toCloudFormation(): object {
    return { Resources: this.resources };
  }
}

function insecure({ policyDocument }: s3.CfnBucketPolicy): iam.PolicyStatement {
  return policyDocument.statements.find(({ sid }: iam.PolicyStatement) => sid === 'DenyInsecureTransport');
}

const logicalIdOf = ({ stack, cfnBucket }: PolicySite): string => stack.resolve(cfnBucket.logicalId);

/** Ways to write the name of the bucket in its own stack. */
const NAMED_IN_PIECES: [how: string, name: (site: PolicySite) => unknown][] = [
  ['a piece of its ARN', ({ cfnBucket }) => Fn.select(5, Fn.split(':', cfnBucket.attrArn))],
  ['all pieces of it, joined again', ({ cfnBucket }) => Fn.join('-', Fn.split('-', cfnBucket.ref))],
  ['a piece of its ARN, with a logical ID', (site) => ({ 'Fn::Select': ['5', { 'Fn::Split': [':', { 'Fn::GetAtt': `${logicalIdOf(site)}.Arn` }] }] })],
  ['the last piece of the ARN of its objects', ({ cfnBucket }) => Fn.select(0, Fn.split('/', Fn.select(5, Fn.split(':', `${cfnBucket.attrArn}/*`))))],
  ['what an imported bucket makes of its ARN', ({ stack, cfnBucket }) => s3.Bucket.fromBucketArn(stack, 'Imported', cfnBucket.attrArn).bucketName],
  ['what an imported bucket makes of an ARN by name', ({ stack }) => s3.Bucket.fromBucketArn(stack, 'Imported', stack.formatArn({ service: 's3', region: '', account: '', resource: NAME(stack) })).bucketName],
  ['a piece of its domain name', ({ cfnBucket }) => Fn.select(0, Fn.split('.', cfnBucket.attrDomainName))],
  ['a piece of its regional domain name', ({ cfnBucket }) => Fn.select(0, Fn.split('.', cfnBucket.attrRegionalDomainName))],
  ['a piece of its website URL', ({ cfnBucket }) => Fn.select(0, Fn.split('.', Fn.select(2, Fn.split('/', cfnBucket.attrWebsiteUrl))))],
  ['what stands before a longer piece of its domain name', ({ cfnBucket }) => Fn.select(0, Fn.split('.s3', cfnBucket.attrRegionalDomainName))],
  ['what stands between two pieces of its website URL', ({ cfnBucket }) => Fn.select(0, Fn.split('.s3-website', Fn.select(1, Fn.split('//', cfnBucket.attrWebsiteUrl))))],
  ['the Ref of its own policy', ({ policy }) => policy.ref],
  ['the Ref of its own policy, in a text', ({ policy }) => Fn.sub('${Name}', { Name: policy.ref })],
  ['Fn::Sub with a variable', ({ cfnBucket }) => Fn.sub('${Name}', { Name: cfnBucket.ref })],
  ['Fn::Sub around a text', ({ stack }) => Fn.sub('example-${Name}', { Name: stack.stackName.toLowerCase() })],
  ['Fn::Sub in Fn::Select', (site) => ({ 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::Sub': `\${${logicalIdOf(site)}.Arn}` }] }] })],
  ['Fn::Join of its pieces', ({ stack }) => Fn.join('-', Fn.split('/', Fn.sub('example/${Name}', { Name: stack.stackName.toLowerCase() })))],
  ['Fn::Join that separates', ({ stack }) => ({ 'Fn::Join': ['-', ['example', stack.stackName.toLowerCase()]] })],
  ['a mapping', ({ stack }) => ({ 'Fn::FindInMap': [stack.resolve(new CfnMapping(stack, 'Names', { mapping: { data: { bucket: NAME(stack) } } }).logicalId), 'data', 'bucket'] })],
  ['one of several defaults of a parameter', ({ stack }) => Fn.select(1, new CfnParameter(stack, 'Names', { type: 'CommaDelimitedList', default: `other,${NAME(stack)}` }).valueAsList)],
];

/** Ways to write it in another stack. */
const NAMED_ACROSS_STACKS: [how: string, name: (site: PolicySite) => unknown][] = [
  ['a reference', ({ cfnBucket }) => cfnBucket.ref],
  ['a piece of its ARN', ({ cfnBucket }) => Fn.select(5, Fn.split(':', cfnBucket.attrArn))],
  ['a piece of its domain name', ({ cfnBucket }) => Fn.select(0, Fn.split('.', cfnBucket.attrDomainName))],
  ['the Ref of its own policy', ({ policy }) => policy.ref],
  ['Fn::Sub', ({ cfnBucket }) => Fn.sub('${Name}', { Name: cfnBucket.ref })],
  ['an export of its ARN', ({ stack, cfnBucket }) => {
    new CfnOutput(stack, 'Arn', { value: cfnBucket.attrArn, exportName: `${stack.stackName}Arn` });
    return Fn.select(5, Fn.split(':', Fn.importValue(`${stack.stackName}Arn`)));
  }],
  ['an output of its stack', ({ stack, cfnBucket }) => {
    new CfnOutput(stack, 'Name', { value: cfnBucket.ref });
    return { 'Fn::GetStackOutput': { StackName: stack.stackName, OutputName: 'Name' } };
  }],
];

function policyElsewhere({ stack }: PolicySite, name: unknown, kind: string): void {
  const elsewhere = new Stack(stack.node.scope!, `${stack.node.id}Elsewhere`, { env: stack });
  if (kind === 'raw') {
    new CfnResource(elsewhere, 'Second', { type: 'AWS::S3::BucketPolicy', properties: { Bucket: name, PolicyDocument: NOTHING } });
    return;
  }
  const policy = new s3.CfnBucketPolicy(elsewhere, 'Second', { bucket: kind === 'L1' ? Token.asString(name) : 'somebody-elses', policyDocument: NOTHING });
  if (kind === 'override') {
    policy.addPropertyOverride('Bucket', name);
  }
}

/** The policy of a bucket that has guardrails, whichever bucket that is. */
export const POLICY_ATTACKS: Attack<PolicySite>[] = [
  { how: 'the policy goes to another bucket, by an override', attack: onPolicy((policy) => policy.addPropertyOverride('Bucket', 'somebody-elses')), says: /'Bucket'/ },
  { how: 'the policy goes to another bucket, by assignment', attack: onPolicy((policy, { stack }) => { policy.bucket = new s3.CfnBucket(stack, 'Other').ref; }), says: /'Bucket'/ },
  { how: 'the policy goes to another bucket under a condition', attack: onPolicy((policy, { stack, cfnBucket }) => policy.addPropertyOverride('Bucket', sometimes(stack, cfnBucket.ref, 'somebody-elses'))), says: /'Bucket'/ },
  { how: 'the policy goes to the bucket of a parameter', attack: onPolicy((policy, { stack }) => policy.addPropertyOverride('Bucket', new CfnParameter(stack, 'Name').valueAsString)), says: /'Bucket'/ },
  { how: 'the policy has no bucket', attack: onPolicy((policy) => policy.addPropertyDeletionOverride('Bucket')), says: /'Bucket'/ },
  { how: 'the document is deleted', attack: onPolicy((policy) => policy.addPropertyDeletionOverride('PolicyDocument')), says: INSECURE },
  { how: 'all properties are deleted', attack: onPolicy((policy) => policy.addDeletionOverride('Properties')), says: /'Bucket'/ },
  { how: 'the statements are emptied', attack: onPolicy((policy) => policy.addPropertyOverride('PolicyDocument.Statement', [])), says: INSECURE },
  { how: 'a statement is deleted by its index', attack: onPolicy((policy) => policy.addPropertyDeletionOverride('PolicyDocument.Statement.0')), says: INSECURE },
  { how: 'a condition is defused', attack: onPolicy((policy) => policy.addPropertyOverride('PolicyDocument.Statement.0.Condition.StringEquals', { 'aws:PrincipalAccount': '444455556666' })), says: INSECURE },
  { how: 'a deny becomes an allow', attack: onPolicy((policy) => policy.addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Allow')), says: INSECURE },
  { how: 'a deny is for one principal', attack: onPolicy((policy) => policy.addPropertyOverride('PolicyDocument.Statement.0.Principal', { AWS: 'arn:aws:iam::444455556666:root' })), says: INSECURE },
  { how: 'a deny is for one folder', attack: onPolicy((policy, { cfnBucket }) => policy.addPropertyOverride('PolicyDocument.Statement.0.Resource', `${cfnBucket.attrArn}/public/*`)), says: INSECURE },
  { how: 'the TLS floor is lowered', attack: onPolicy((policy) => policy.addPropertyOverride('PolicyDocument.Statement.1.Condition.NumericLessThan', { 's3:TlsVersion': 1 })), says: /'DenyOutdatedTls' of RequireTls is missing/ },
  { how: 'a statement is there under a condition', attack: onPolicy((policy, site) => policy.addPropertyOverride('PolicyDocument.Statement', [sometimes(site.stack, statementsOf(site)[0]), ...statementsOf(site).slice(1)])), says: INSECURE },
  { how: 'the document is there under a condition', attack: onPolicy((policy, site) => policy.addPropertyOverride('PolicyDocument', sometimes(site.stack, { Statement: statementsOf(site) }, NOTHING))), says: INSECURE },
  { how: 'the document is assigned as an object', attack: onPolicy((policy, site) => { policy.policyDocument = { Statement: without('DenyInsecureTransport', statementsOf(site)) }; }), says: INSECURE },
  { how: 'another document is assigned', attack: onPolicy((policy) => { policy.policyDocument = new iam.PolicyDocument({ statements: [statement({ principals: [new iam.AccountRootPrincipal()], actions: ['s3:GetObject'] })] }); }), says: INSECURE },
  { how: 'an empty document is assigned', attack: onPolicy((policy) => { policy.policyDocument = new iam.PolicyDocument(); }), says: /cannot be rendered/ },
  { how: 'a lazy document is assigned', attack: onPolicy((policy) => { policy.policyDocument = Lazy.any({ produce: () => NOTHING }); }), says: INSECURE },
  { how: 'a document that is a parameter', attack: onPolicy((policy, { stack }) => { policy.policyDocument = Token.asAny({ Ref: stack.resolve(new CfnParameter(stack, 'Document').logicalId) }); }), says: INSECURE },
  { how: 'a document that renders something else', attack: onPolicy((policy) => { policy.policyDocument.resolve = () => NOTHING; }), says: INSECURE },
  { how: 'Fn::Transform in the document', attack: onPolicy((policy) => policy.addPropertyOverride('PolicyDocument.Fn::Transform', { Name: 'AWS::Include', Parameters: { Location: 's3://elsewhere/policy.yaml' } })), says: /'Fn::Transform'/ },
  { how: 'Fn::Transform beside the properties', attack: onPolicy((policy) => policy.addPropertyOverride('Fn::Transform', { Name: 'Rewrite' })), says: /'Fn::Transform'/ },
  { how: 'the policy depends on a condition', attack: onPolicy((policy, { stack }) => { policy.cfnOptions.condition = condition(stack); }), says: /under the condition 'Sometimes'/ },
  { how: 'the policy depends on a condition, by an override', attack: onPolicy((policy, { stack }) => { policy.addOverride('Condition', stack.resolve(condition(stack).logicalId)); }), says: /under the condition 'Sometimes'/ },
  { how: 'the policy is left out of the template', attack: onPolicy((policy) => { (policy as any).shouldSynthesize = () => false; }), says: /is left out of the synthesized template/ },
  { how: 'the policy becomes something else', attack: onPolicy((policy) => policy.addOverride('Type', 'AWS::CloudFormation::WaitConditionHandle')), says: /'AWS::CloudFormation::WaitConditionHandle'/ },
  { how: 'the policy is removed', attack: onPolicy((policy) => policy.node.scope!.node.tryRemoveChild(policy.node.id)), says: INSECURE },
  {
    how: 'the policy is renamed and edited',
    attack: onPolicy((policy) => {
      policy.overrideLogicalId('Renamed');
      policy.addPropertyDeletionOverride('PolicyDocument.Statement.0');
    }),
    says: INSECURE,
  },
  {
    how: 'a policy of another construct takes its logical ID',
    attack: onPolicy((policy, { stack, cfnBucket }) => {
      const logicalId = stack.resolve(policy.logicalId);
      policy.node.scope!.node.tryRemoveChild(policy.node.id);
      new s3.CfnBucketPolicy(stack, 'Other', { bucket: cfnBucket.ref, policyDocument: NOTHING }).overrideLogicalId(logicalId);
    }),
    says: INSECURE,
  },
  ...[AspectPriority.MUTATING, AspectPriority.READONLY, LAST].map((priority) => ({
    how: `an aspect of priority ${priority} takes statements out`,
    attack: ({ stack, policy }: PolicySite) => Aspects.of(stack)
      .add(aspect((visited) => (visited === policy ? policy.policyDocument.statements.splice(0, 1) : undefined)), { priority }),
    says: INSECURE,
  })),
  { how: 'a second policy', attack: ({ stack, cfnBucket }) => new s3.CfnBucketPolicy(stack, 'Second', { bucket: cfnBucket.ref, policyDocument: NOTHING }), says: /2 bucket policies/ },
  { how: 'a second policy, by the name', attack: ({ stack }) => new s3.CfnBucketPolicy(stack, 'Second', { bucket: NAME(stack), policyDocument: NOTHING }), says: /2 bucket policies/ },
  { how: 'a second policy, raw', attack: second(({ cfnBucket }) => cfnBucket.ref), says: /2 bucket policies/ },
  { how: 'a second policy, raw by the name', attack: second(({ stack }) => NAME(stack)), says: /2 bucket policies/ },
  { how: 'a second policy, raw by a logical ID', attack: second(({ stack, cfnBucket }) => ({ Ref: stack.resolve(cfnBucket.logicalId) })), says: /2 bucket policies/ },
  { how: 'a second policy, raw by Fn::Sub', attack: second(({ stack, cfnBucket }) => ({ 'Fn::Sub': `\${${stack.resolve(cfnBucket.logicalId)}}` })), says: /2 bucket policies/ },
  { how: 'a second policy, raw by Fn::Join', attack: second(({ stack, cfnBucket }) => ({ 'Fn::Join': ['', [{ Ref: stack.resolve(cfnBucket.logicalId) }]] })), says: /2 bucket policies/ },
  ...NAMED_IN_PIECES.map(([how, name]) => ({ how: `a second policy, raw by ${how}`, attack: second(name), says: /2 bucket policies/ })),
  ...NAMED_IN_PIECES.map(([how, name]) => ({
    how: `a second policy, by ${how}`,
    attack: (site: PolicySite) => new s3.CfnBucketPolicy(site.stack, 'Second', { bucket: Token.asString(name(site)), policyDocument: NOTHING }),
    says: /2 bucket policies/,
  })),
  ...NAMED_IN_PIECES.map(([how, name]) => ({
    how: `a second policy, by an override by ${how}`,
    attack: (site: PolicySite) => new s3.CfnBucketPolicy(site.stack, 'Second', { bucket: 'somebody-elses', policyDocument: NOTHING }).addPropertyOverride('Bucket', name(site)),
    says: /2 bucket policies/,
  })),
  ...NAMED_ACROSS_STACKS.flatMap(([how, name]) => ['L1', 'raw', 'override'].map((kind) => ({
    how: `a second policy in another stack, ${kind}, by ${how}`,
    attack: (site: PolicySite) => policyElsewhere(site, name(site), kind),
    says: /2 bucket policies/,
  }))),
  {
    how: 'a condition is changed in place, by what its getter hands out',
    attack: onPolicy((policy) => { insecure(policy).conditions.Bool['aws:SecureTransport'] = 'true'; }),
    says: INSECURE,
  },
  {
    how: 'a statement renders something else',
    attack: onPolicy((policy) => { insecure(policy).toStatementJson = () => NOTHING.Statement[0]; }),
    says: INSECURE,
  },
  {
    how: 'a second policy in a nested stack, by a parameter that is handed over',
    attack: ({ stack, cfnBucket }) => {
      const nested = new NestedStack(stack, 'Nested', { parameters: { Name: cfnBucket.ref } });
      new s3.CfnBucketPolicy(nested, 'Second', { bucket: new CfnParameter(nested, 'Name').valueAsString, policyDocument: NOTHING });
    },
    says: /2 bucket policies/,
  },
  {
    how: 'a second policy, by an output of a nested stack that hands the name through',
    attack: ({ stack, cfnBucket }) => {
      const nested = new NestedStack(stack, 'Nested', { parameters: { Name: cfnBucket.ref } });
      new CfnOutput(nested, 'Out', { value: new CfnParameter(nested, 'Name').valueAsString });
      new s3.CfnBucketPolicy(stack, 'Second', { bucket: (nested.nestedStackResource as CfnResource).getAtt('Outputs.Out').toString(), policyDocument: NOTHING });
    },
    says: /2 bucket policies/,
  },
  {
    how: 'a second policy, by an element of another class',
    attack: (site) => new Written(site.stack, 'Second', { Second: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: site.cfnBucket.ref, PolicyDocument: NOTHING } } }),
    says: /2 bucket policies/,
  },
  {
    how: 'a second policy, in a loop',
    attack: (site) => {
      const policy = { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: logicalIdOf(site) }, PolicyDocument: NOTHING } };
      return new Written(site.stack, 'Second', { 'Fn::ForEach::Seconds': ['Part', ['A'], { 'Second${Part}': policy }] });
    },
    says: /2 bucket policies/,
  },
  { how: 'a second policy, raw under a condition', attack: second(({ stack, cfnBucket }) => sometimes(stack, cfnBucket.ref, 'somebody-elses')), says: /2 bucket policies/ },
  { how: 'a second policy, raw by the default of a parameter', attack: second(({ stack }) => new CfnParameter(stack, 'Name', { default: NAME(stack) }).valueAsString), says: /2 bucket policies/ },
  {
    how: 'a second policy, by an override',
    attack: ({ stack, cfnBucket }) => {
      new s3.CfnBucketPolicy(stack, 'Second', { bucket: 'somebody-elses', policyDocument: NOTHING }).addPropertyOverride('Bucket', cfnBucket.ref);
    },
    says: /2 bucket policies/,
  },
  {
    how: 'a second policy, by the type of something else',
    attack: ({ stack, cfnBucket }) => {
      new CfnResource(stack, 'Second', { type: 'AWS::SNS::Topic', properties: { Bucket: cfnBucket.ref, PolicyDocument: NOTHING } }).addOverride('Type', 'AWS::S3::BucketPolicy');
    },
    says: /2 bucket policies/,
  },
  { how: 'a second policy, by a template that is included', attack: included, says: /2 bucket policies/ },
  {
    how: 'a second policy, of an L2',
    attack: ({ stack }) => new s3.BucketPolicy(stack, 'Second', { bucket: s3.Bucket.fromBucketName(stack, 'Imported', NAME(stack)) })
      .document.addStatements(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:DeleteBucket'], resources: ['*'] })),
    says: /2 bucket policies/,
  },
  {
    how: 'a second policy in another stack',
    attack: ({ stack, cfnBucket }) => new CfnResource(new Stack(stack.node.scope!, `${stack.node.id}Elsewhere`, { env: stack }), 'Second', {
      type: 'AWS::S3::BucketPolicy', properties: { Bucket: cfnBucket.ref, PolicyDocument: NOTHING },
    }),
    says: /2 bucket policies/,
  },
  {
    how: 'a second policy in another stack, by an export',
    attack: ({ stack, cfnBucket }) => {
      new CfnOutput(stack, 'Name', { value: cfnBucket.ref, exportName: `${stack.stackName}Bucket` });
      new CfnResource(new Stack(stack.node.scope!, `${stack.node.id}Elsewhere`, { env: stack }), 'Second', {
        type: 'AWS::S3::BucketPolicy', properties: { Bucket: Fn.importValue(`${stack.stackName}Bucket`), PolicyDocument: NOTHING },
      });
    },
    says: /2 bucket policies/,
  },
];

export const BY_ASPECT_ATTACKS: Attack<{ stack: Stack; cfnBucket: s3.CfnBucket }>[] = [
  {
    how: 'a later aspect takes statements out',
    attack: ({ stack }) => Aspects.of(stack).add(aspect((visited) => {
      if (s3.CfnBucketPolicy.isCfnBucketPolicy(visited)) {
        visited.policyDocument.statements.splice(0, 1);
      }
    }), { priority: LAST }),
    says: INSECURE,
  },
  {
    how: 'a later aspect overrides',
    attack: ({ stack }) => Aspects.of(stack).add(aspect((visited) => {
      if (s3.CfnBucketPolicy.isCfnBucketPolicy(visited)) {
        visited.addPropertyOverride('PolicyDocument', NOTHING);
      }
    }), { priority: LAST }),
    says: INSECURE,
  },
  {
    how: 'a later aspect moves the policy',
    attack: ({ stack }) => Aspects.of(stack).add(aspect((visited) => {
      if (s3.CfnBucketPolicy.isCfnBucketPolicy(visited)) {
        visited.bucket = 'somebody-elses';
      }
    }), { priority: LAST }),
    says: /'Bucket'/,
  },
  {
    how: 'a later aspect adds a second policy, raw',
    attack: ({ stack, cfnBucket }) => Aspects.of(stack).add(aspect((visited) => {
      if (visited === cfnBucket) {
        new CfnResource(stack, 'Second', { type: 'AWS::S3::BucketPolicy', properties: { Bucket: cfnBucket.ref, PolicyDocument: NOTHING } });
      }
    }), { priority: LAST }),
    says: /2 bucket policies/,
  },
];

const EVERYBODY = { Sid: 'Everybody', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };
const added = (more: (site: PolicySite) => unknown) => (site: PolicySite) => site.policy.addPropertyOverride('PolicyDocument.Statement', [...statementsOf(site), more(site)]);

/** The policy of a bucket that promises to stay private. */
export const PUBLIC_ATTACKS: Attack<PolicySite>[] = [
  { how: 'everybody, by an override', attack: added(() => EVERYBODY), says: /'Everybody' would make the bucket public/ },
  { how: 'everybody, in the document', attack: ({ policy }) => policy.policyDocument.addStatements(new iam.PolicyStatement({ sid: 'Everybody', principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], resources: ['*'] })), says: /'Everybody' would make the bucket public/ },
  { how: 'everybody, by an assigned document', attack: (site) => { site.policy.policyDocument = { Statement: [...statementsOf(site), EVERYBODY] }; }, says: /'Everybody' would make the bucket public/ },
  { how: 'everybody but one', attack: added(() => ({ ...EVERYBODY, Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::444455556666:root' } })), says: /'Everybody' would make the bucket public/ },
  { how: 'every AWS principal', attack: added(() => ({ ...EVERYBODY, Principal: { AWS: ['*'] } })), says: /'Everybody' would make the bucket public/ },
  { how: 'everybody under a condition of the template', attack: added(({ stack }) => sometimes(stack, EVERYBODY)), says: /'Everybody' would make the bucket public/ },
  { how: 'a principal that is sometimes everybody', attack: added(({ stack }) => ({ ...EVERYBODY, Principal: sometimes(stack, { AWS: 'arn:aws:iam::444455556666:root' }, '*') })), says: /'Everybody' would make the bucket public/ },
  { how: 'an AWS principal that is sometimes everybody', attack: added(({ stack }) => ({ ...EVERYBODY, Principal: { AWS: [sometimes(stack, 'arn:aws:iam::444455556666:root', '*')] } })), says: /'Everybody' would make the bucket public/ },
  { how: 'everybody in pieces', attack: added(() => ({ ...EVERYBODY, Principal: { AWS: { 'Fn::Sub': '*' } } })), says: /'Everybody' would make the bucket public/ },
  { how: 'everybody by the default of a parameter', attack: added(({ stack }) => ({ ...EVERYBODY, Principal: { AWS: new CfnParameter(stack, 'Who', { default: '*' }).valueAsString } })), says: /'Everybody' would make the bucket public/ },
  { how: 'everybody on condition that says nothing', attack: added(() => ({ ...EVERYBODY, Condition: { StringLike: { 'aws:UserAgent': '*' } } })), says: /'Everybody' would make the bucket public/ },
  { how: 'everybody on a condition that is there sometimes', attack: added(({ stack }) => ({ ...EVERYBODY, Condition: sometimes(stack, { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } }) })), says: /'Everybody' would make the bucket public/ },
  { how: 'every address', attack: added(() => ({ ...EVERYBODY, Condition: { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } } })), says: /'Everybody' would make the bucket public/ },
];


/** What may be changed of a policy afterwards. */
export const HARMLESS: HarmlessChange<PolicySite>[] = [
  { how: 'a stricter deny', change: ({ policy }) => policy.policyDocument.addStatements(statement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:DeleteBucket'] })) },
  { how: 'a stricter deny, by an override', change: added(() => ({ Sid: 'KeepIt', Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: '*' })) },
  { how: 'an allow for a role', change: ({ policy }) => policy.policyDocument.addStatements(statement({ principals: [new iam.ArnPrincipal('arn:aws:iam::444455556666:role/Reader')], actions: ['s3:GetObject'] })) },
  { how: 'an allow for a role, by an override', change: added(() => ({ ...EVERYBODY, Principal: { AWS: 'arn:aws:iam::444455556666:role/Reader' } })) },
  { how: 'an allow for the account of a parameter', change: added(({ stack }) => ({ ...EVERYBODY, Principal: { AWS: new CfnParameter(stack, 'Who', { default: '444455556666' }).valueAsString } })) },
  { how: 'an allow for everybody of an organization', change: added(() => ({ ...EVERYBODY, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } })) },
  { how: 'an allow under a condition of the template', change: added(({ stack }) => sometimes(stack, { ...EVERYBODY, Principal: { AWS: 'arn:aws:iam::444455556666:role/Reader' } })) },
  { how: 'the same document, in other words', change: (site) => { site.policy.policyDocument = { Version: '2012-10-17', Statement: statementsOf(site).reverse().map((said) => Object.fromEntries(Object.entries(said).reverse())) }; } },
  { how: 'the same document in both branches', change: (site) => site.policy.addPropertyOverride('PolicyDocument', sometimes(site.stack, { Statement: statementsOf(site) }, { Statement: [...statementsOf(site)].reverse() })) },
  { how: 'the same bucket by its logical ID', change: ({ policy, stack, cfnBucket }) => policy.addPropertyOverride('Bucket', { Ref: stack.resolve(cfnBucket.logicalId) }) },
  { how: 'the same bucket by its name', change: ({ policy, stack }) => policy.addPropertyOverride('Bucket', NAME(stack)) },
  ...NAMED_IN_PIECES.map(([how, name]) => ({ how: `the same bucket by ${how}`, change: (site: PolicySite) => site.policy.addPropertyOverride('Bucket', name(site)) })),
  { how: 'a policy of another bucket by a piece of its ARN', change: second(({ stack }) => Fn.select(5, Fn.split(':', new s3.CfnBucket(stack, 'Other').attrArn))) },
  { how: 'a policy of another bucket, whose name begins alike', change: second(({ stack }) => `${NAME(stack)}-logs`) },
  { how: 'a policy of a bucket that is named after it', change: second(({ cfnBucket }) => Fn.join('-', [cfnBucket.ref, 'logs'])) },
  { how: 'a policy of a bucket that has another piece of its name', change: second(({ cfnBucket }) => Fn.select(0, Fn.split('-', cfnBucket.ref))) },
  { how: 'a new logical ID', change: ({ policy }) => policy.overrideLogicalId('Renamed') },
  { how: 'metadata', change: ({ policy }) => policy.addMetadata('owner', 'data') },
  { how: 'a dependency', change: ({ stack, policy }) => policy.node.addDependency(new s3.CfnBucket(stack, 'Earlier')) },
  { how: 'the policy is retained', change: ({ policy }) => policy.addOverride('DeletionPolicy', 'RetainExceptOnCreate') },
  { how: 'bucket and policy depend on one condition', change: ({ stack, policy, cfnBucket }) => { policy.cfnOptions.condition = cfnBucket.cfnOptions.condition = condition(stack); } },
  { how: 'a policy of another bucket', change: ({ stack }) => new CfnResource(stack, 'Second', { type: 'AWS::S3::BucketPolicy', properties: { Bucket: 'somebody-elses', PolicyDocument: NOTHING } }) },
  { how: 'a policy of an imported bucket by a parameter', change: ({ stack }) => new CfnResource(stack, 'Second', { type: 'AWS::S3::BucketPolicy', properties: { Bucket: new CfnParameter(stack, 'Name').valueAsString, PolicyDocument: NOTHING } }) },
];
