import { App, Aspects, CfnCondition, CfnElement, CfnParameter, CfnResource, ConstructSelector, CustomResource, Fn, IAspect, Lazy, LegacyStackSynthesizer, Mixins, NestedStack, RemovalPolicy, Stack, StackProps, Stage, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { IConstruct } from 'constructs';
import { AccessLogBucket, RequireEncryption, RequireTls, RestrictToNetwork, SecureBucket, UnenforceableBehavior } from '../../src';
import { PRODUCER, policyStatements, sids, synthesisErrors, testStack, warnings } from '../support/apps';

const TLS_SIDS = ['DenyInsecureTransport', 'DenyOutdatedTls'];
const DENY_DELETION = { Sid: 'Mine', Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: '*' };
const TLS_WARNING = 'cdk-secure-bucket:requireTlsNotEnforced';

/** The texts of the warnings below a construct. */
function texts(scope: IConstruct): string[] {
  return scope.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data)));
}

function byHand(bucket: s3.CfnBucket, policyDocument: any, id = 'ByHand', scope: IConstruct = Stack.of(bucket)): s3.CfnBucketPolicy {
  return new s3.CfnBucketPolicy(scope as Stack, id, { bucket: bucket.ref, policyDocument });
}

/** Applies a guardrail in one of the ways in which that happens to all buckets of a scope. */
const WAYS: [string, (scope: Stack, guardrail: RequireTls | RequireEncryption | RestrictToNetwork) => void][] = [
  ['an aspect', (scope, guardrail) => Aspects.of(scope).add(guardrail)],
  ['a mixin', (scope, guardrail) => { Mixins.of(scope).apply(guardrail); }],
];

describe.each(WAYS)('as %s', (_, apply) => {
  describe('a guardrail leaves, with one warning, a bucket', () => {
    test.each<[string, (stack: Stack) => void, RegExp]>([
      ['with two policies', (stack) => {
        const bucket = new s3.CfnBucket(stack, 'Data');
        ['A', 'B'].forEach((id) => byHand(bucket, { Statement: [DENY_DELETION] }, id));
      }, /the app writes 2 bucket policies \('Stack\/A', 'Stack\/B'\).*Keep one/],
      ['whose policy gets its document later', (stack) => byHand(new s3.CfnBucket(stack, 'Data'), Lazy.any({ produce: () => ({ Statement: [DENY_DELETION] }) })),
        /its policy 'Stack\/ByHand' has a document that is not readable at synthesis/],
      ['whose policy gets its statements later', (stack) => byHand(new s3.CfnBucket(stack, 'Data'), { Statement: Lazy.any({ produce: () => [DENY_DELETION] }) }), /not readable at synthesis/],
      ['whose policy is there under another condition', (stack) => {
        byHand(new s3.CfnBucket(stack, 'Data'), { Statement: [DENY_DELETION] }).cfnOptions.condition = new CfnCondition(stack, 'Sometimes', { expression: Fn.conditionEquals('a', 'b') });
      }, /under the condition 'Stack\/Sometimes' only/],
      ['whose policy has no room', (stack) => {
        byHand(new s3.CfnBucket(stack, 'Data'), { Statement: Array.from({ length: 100 }, (__, i) => ({ ...DENY_DELETION, Sid: `${'Long'.repeat(30)}${i}` })) });
      }, /the bucket policy takes at least 2\d,\d{3} bytes/],
      ['that is a plain CfnResource', (stack) => new CfnResource(stack, 'Data', { type: 'AWS::S3::Bucket', properties: { BucketName: 'raw' } }), /the bucket is made with 'new CfnResource'.*CfnBucket/],
      ['that is a plain CfnResource without properties', (stack) => new CfnResource(stack, 'Data', { type: 'AWS::S3::Bucket' }), /the bucket is made with 'new CfnResource'/],
      ['of which only a policy is there, a plain CfnResource', (stack) => new CfnResource(stack, 'Data', { type: 'AWS::S3::BucketPolicy', properties: { Bucket: 'legacy', PolicyDocument: { Statement: [DENY_DELETION] } } }),
        /the bucket policy is made with 'new CfnResource'.*CfnBucketPolicy/],
      ['that is imported', (stack) => s3.Bucket.fromBucketName(stack, 'Data', 'legacy'), /the bucket is imported/],
    ])('%s', (__, make, message) => {
      const stack = testStack();
      make(stack);
      apply(stack, new RequireTls());
      expect(synthesisErrors(stack)).toBe('');
      const [warning, ...others] = texts(stack);
      expect(warning).toMatch(message);
      expect(warning).toMatch(/^'Stack\/Data': RequireTls is not enforced: .* acknowledge 'cdk-secure-bucket:requireTlsNotEnforced' with a reason\./s);
      expect(others).toEqual([]);
      expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('DenyInsecureTransport');
    });

    test('whose policy is a plain CfnResource', () => {
      const stack = testStack();
      const bucket = new s3.CfnBucket(stack, 'Data');
      new CfnResource(stack, 'Policy', { type: 'AWS::S3::BucketPolicy', properties: { Bucket: bucket.ref, PolicyDocument: { Statement: [DENY_DELETION] } } });
      apply(stack, new RequireTls());
      expect(synthesisErrors(stack)).toBe('');
      expect(texts(bucket)).toEqual([expect.stringMatching(/RequireTls is not enforced: its policy 'Stack\/Policy': the bucket policy is made with 'new CfnResource'/)]);
    });

    test('whose policy is in a stack of another account', () => {
      const stack = testStack();
      new s3.CfnBucket(stack, 'Data', { bucketName: 'legacy' });
      new s3.CfnBucketPolicy(new Stack(stack.node.root, 'Other', { env: { ...PRODUCER, account: '444455556666' } }), 'Policy', { bucket: 'legacy', policyDocument: { Statement: [DENY_DELETION] } });
      apply(stack, new RequireTls());
      expect(synthesisErrors(stack)).toBe('');
      expect(texts(stack)).toEqual([expect.stringContaining("its policy 'Other/Policy' is in a stack of another account or Region")]);
    });

    test('in whose stack nobody could repair a network perimeter', () => {
      const stack = testStack({ env: PRODUCER, synthesizer: new LegacyStackSynthesizer() });
      new s3.Bucket(stack, 'Data');
      apply(stack, new RestrictToNetwork({ vpcIds: ['vpc-1a2b3c4d'] }));
      expect(synthesisErrors(stack)).toBe('');
      expect(texts(stack)).toEqual([expect.stringContaining('RestrictToNetwork is not enforced: a network perimeter would lock out everybody who could repair it')]);
      Template.fromStack(stack).resourceCountIs('AWS::S3::BucketPolicy', 0);
    });

    test('whose network perimeter would lock out roles of other stacks', () => {
      const stack = testStack();
      const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'legacy' });
      const other = new Stack(stack.node.root, 'Other', { env: PRODUCER });
      ['One', 'Two'].forEach((id) => new CustomResource(other, id, { serviceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:deploy', resourceType: 'Custom::CDKBucketDeployment', properties: { DestinationBucketName: bucket.bucketName } }));
      apply(stack, new RestrictToNetwork({ vpcIds: ['vpc-1a2b3c4d'] }));
      expect(synthesisErrors(stack)).toBe('');
      expect(texts(stack)).toEqual([expect.stringContaining("would lock out the roles of 'Other/One/Default', 'Other/Two/Default'")]);
    });
  });

  describe('a guardrail is enforced on a bucket', () => {
    test.each<[string, (stack: Stack) => void]>([
      ['that is there under a condition, in a policy under the same', (stack) => {
        new s3.CfnBucket(stack, 'Data').cfnOptions.condition = new CfnCondition(stack, 'Sometimes', { expression: Fn.conditionEquals('a', 'b') });
      }],
      ['with an L2, under a condition', (stack) => {
        (new s3.Bucket(stack, 'Data').node.defaultChild as CfnElement & s3.CfnBucket).cfnOptions.condition = new CfnCondition(stack, 'Sometimes', { expression: Fn.conditionEquals('a', 'b') });
      }],
      ['whose key id is put together of several parts', (stack) => new s3.CfnBucket(stack, 'Data', {
        bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: `arn:${stack.partition}:kms:eu-west-1:111122223333:key/1` } }] },
      })],
      ['that deletes its objects with the stack', (stack) => new s3.Bucket(stack, 'Data', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true })],
      ['that is replicated into', (stack) => {
        const destination = new s3.Bucket(stack, 'Data', { versioned: true });
        new s3.Bucket(testStack(), 'Source', { versioned: true, replicationRules: [{ destination }] });
      }],
    ])('%s', (__, make) => {
      const stack = testStack();
      make(stack);
      apply(stack, new RequireTls());
      expect(synthesisErrors(stack)).toBe('');
      expect(texts(stack)).toEqual([]);
      expect(sids(stack, 'Data')).toEqual(expect.arrayContaining(TLS_SIDS));
      const [bucket] = Object.values(Template.fromStack(stack).findResources('AWS::S3::Bucket'));
      const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'));
      expect(policy.Condition).toEqual(bucket.Condition);
    });

    test.each<[string, any]>([
      ['one statement that is in no list', { Statement: DENY_DELETION }],
      ['a statement that is there under a condition', { Statement: [{ 'Fn::If': ['Sometimes', DENY_DELETION, { Ref: 'AWS::NoValue' }] }] }],
      ['a version and an id', { Version: '2008-10-17', Id: 'mine', Statement: [DENY_DELETION] }],
    ])('in a policy written by hand with %s, which stays as it is', (__, document) => {
      const stack = testStack();
      new CfnCondition(stack, 'Sometimes', { expression: Fn.conditionEquals('a', 'b') });
      byHand(new s3.CfnBucket(stack, 'Data'), document);
      apply(stack, new RequireTls());
      expect(synthesisErrors(stack)).toBe('');
      const { Statement: mine, ...rest } = document;
      const [{ Properties: { PolicyDocument: { Statement, ...others } } }] = Object.values<any>(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'));
      expect(others).toEqual(rest);
      expect(Statement).toEqual([...[mine].flat(), expect.objectContaining({ Sid: 'DenyInsecureTransport' }), expect.objectContaining({ Sid: 'DenyOutdatedTls' })]);
    });

    test('whose policy is in another stack of the same environment', () => {
      const stack = testStack();
      const bucket = new s3.Bucket(stack, 'Data');
      const other = new Stack(stack.node.root, 'Other', { env: PRODUCER });
      byHand(bucket.node.defaultChild as s3.CfnBucket, { Statement: [DENY_DELETION] }, 'Policy', other);
      apply(stack, new RequireTls());
      expect(synthesisErrors(stack)).toBe('');
      expect(sids(other)).toEqual(['Mine', ...TLS_SIDS]);
      Template.fromStack(stack).resourceCountIs('AWS::S3::BucketPolicy', 0);
    });

    test('that is imported, where the app writes its policy', () => {
      const stack = testStack();
      new s3.BucketPolicy(stack, 'Policy', { bucket: s3.Bucket.fromBucketName(stack, 'Data', 'legacy') });
      apply(stack, new RequireTls());
      expect(synthesisErrors(stack)).toBe('');
      expect(sids(stack)).toEqual(TLS_SIDS);
      expect(texts(stack)).toEqual([]);
    });
  });

  test('nobody is warned of the bucket with the assets of the CDK, nor of another handle on a bucket of the app', () => {
    const stack = testStack();
    new Asset(stack, 'Asset', { path: __filename });
    const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'legacy' });
    s3.Bucket.fromBucketName(stack, 'ByReference', bucket.bucketName);
    s3.Bucket.fromBucketName(stack, 'ByName', 'legacy');
    s3.Bucket.fromCfnBucket(bucket.node.defaultChild as s3.CfnBucket);
    apply(stack, new RequireTls());
    expect(synthesisErrors(stack)).toBe('');
    expect(texts(stack)).toEqual([]);
    expect(sids(stack)).toEqual(TLS_SIDS);
  });

  test('where an error is asked for, the first bucket that cannot be guarded is one', () => {
    const stack = testStack();
    s3.Bucket.fromBucketName(stack, 'Data', 'legacy');
    expect(() => {
      apply(stack, new RequireTls({ unenforceableBehavior: UnenforceableBehavior.ERROR }));
      (stack.node.root as App).synth();
    }).toThrow(expect.objectContaining({ type: 'validation', message: expect.stringMatching(/^'Stack\/Data': RequireTls is not enforced: the bucket is imported.* Add the statements below/s) }));
  });
});

describe('an imported bucket', () => {
  const handedOver = (stack: Stack, bucket: s3.IBucket, guardrail: RequireTls | RequireEncryption) => {
    bucket.with(guardrail);
    const [text] = texts(stack);
    expect(text.split('\n').every((line) => line.length < 400)).toBe(true);
    return JSON.parse(/with a reason\.\n {2}(\[\n {4}\{\n.*\n {2}\])/s.exec(text)![1]);
  };

  test('comes with exactly the statements that the guardrail would write', () => {
    const stack = testStack();
    const resources = ['arn:aws:s3:::legacy', 'arn:aws:s3:::legacy/*'];
    expect(handedOver(stack, s3.Bucket.fromBucketName(stack, 'Data', 'legacy'), new RequireTls())).toEqual([
      { Sid: 'DenyInsecureTransport', Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*', Resource: resources, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Sid: 'DenyOutdatedTls', Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*', Resource: resources, Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } },
    ]);
  });

  test('of which only its key is known, with statements for that key', () => {
    const stack = testStack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/1');
    const statements = handedOver(stack, s3.Bucket.fromBucketAttributes(stack, 'Data', { bucketName: 'legacy', encryptionKey }), new RequireEncryption());
    expect(statements.map(({ Sid }: any) => Sid)).toEqual(['DenyUnencryptedUploads', 'DenyOtherKeys', 'DenyAwsManagedKey', 'DenyCustomerProvidedKeys', 'DenyOtherKeysForExistingObjects']);
    expect(JSON.stringify(statements[1].Condition)).toContain('arn:aws:kms:eu-west-1:111122223333:key/1');
  });

  test('whose partition and name are not known, with texts for Fn::Sub', () => {
    const stack = testStack({});
    const [{ Resource }] = handedOver(stack, s3.Bucket.fromBucketName(stack, 'Data', new CfnParameter(stack, 'Name').valueAsString), new RequireTls());
    expect(Resource).toEqual(['arn:${AWS::Partition}:s3:::${Name}', 'arn:${AWS::Partition}:s3:::${Name}/*']);
  });

  test('that is a bucket of the app is guarded, by reference and by name', () => {
    const stack = testStack();
    const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'legacy' });
    s3.Bucket.fromBucketName(stack, 'ByReference', bucket.bucketName).with(new RequireTls());
    expect(sids(stack)).toEqual(TLS_SIDS);
  });

  test('what Bucket.fromCfnBucket returns is guarded', () => {
    const stack = testStack();
    s3.Bucket.fromCfnBucket(new s3.CfnBucket(stack, 'Data')).with(new RequireTls());
    expect(sids(stack)).toEqual(TLS_SIDS);
  });
});

describe('left out on purpose', () => {
  const twoBuckets = () => {
    const stack = testStack();
    return { stack, left: new s3.Bucket(stack, 'Left'), data: new s3.Bucket(stack, 'Data') };
  };

  test.each([['on the bucket', (left: s3.Bucket) => left as IConstruct], ['on its resource', (left: s3.Bucket) => left.node.defaultChild as IConstruct]])('of an aspect, by an acknowledgement %s', (_, scopeOf) => {
    const { stack, left } = twoBuckets();
    Validations.of(scopeOf(left)).acknowledge({ id: 'cdk-secure-bucket:requireTls', reason: 'Serves devices without TLS.' });
    Aspects.of(stack).add(new RequireTls());
    expect(synthesisErrors(stack)).toBe('');
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'))).toEqual([expect.stringMatching(/^DataPolicy/)]);
    expect(texts(stack)).toEqual([]);
  });

  test('of a mixin, by a selector', () => {
    const { stack } = twoBuckets();
    Mixins.of(stack, ConstructSelector.byId('Data*')).apply(new RequireTls());
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'))).toEqual([expect.stringMatching(/^DataPolicy/)]);
    expect(sids(stack, 'DataPolicy')).toEqual(expect.arrayContaining(TLS_SIDS));
  });

  test('a SecureBucket keeps its own guardrails all the same', () => {
    const stack = testStack();
    Validations.of(stack).acknowledge({ id: 'cdk-secure-bucket:requireTls', reason: 'x' });
    new SecureBucket(stack, 'Data');
    expect(sids(stack, 'DataPolicy')).toEqual(expect.arrayContaining(TLS_SIDS));
  });

  test('a warning that is acknowledged leaves what is enforced in part', () => {
    const stack = testStack();
    const bucket = new s3.Bucket(stack, 'Data', { encryption: s3.BucketEncryption.S3_MANAGED });
    Validations.of(bucket).acknowledge({ id: 'cdk-secure-bucket:requireEncryptionNotEnforced', reason: 'Logs of load balancers.' });
    Aspects.of(stack).add(new RequireEncryption());
    expect(synthesisErrors(stack)).toBe('');
    expect(texts(stack)).toEqual([]);
    expect(sids(stack)).toEqual(['DenyUnencryptedUploads', 'DenyCustomerProvidedKeys']);
  });
});

describe('beside other aspects', () => {
  /** Makes a bucket with a policy of its own, once. */
  const MAKES_BUCKET: IAspect = {
    visit: (node) => {
      if (Stack.isStack(node) && !node.node.tryFindChild('Later')) {
        byHand(new s3.CfnBucket(node, 'Later'), { Statement: [DENY_DELETION] }, 'LaterPolicy');
      }
    },
  };

  test.each([[true], [false]])('a bucket that one of them makes is guarded (first of the two: %s)', (isFirst) => {
    const stack = testStack(undefined, { context: { '@aws-cdk/core:aspectStabilization': true } });
    new s3.Bucket(stack, 'Data');
    (isFirst ? [new RequireTls(), MAKES_BUCKET] : [MAKES_BUCKET, new RequireTls()]).forEach((aspect) => Aspects.of(stack).add(aspect));
    expect(synthesisErrors(stack)).toBe('');
    expect(sids(stack, 'DataPolicy')).toEqual(TLS_SIDS);
    expect(sids(stack, 'LaterPolicy')).toEqual(['Mine', ...TLS_SIDS]);
  });

  test('two guardrails on a bucket without a policy share one', () => {
    const stack = testStack();
    new s3.CfnBucket(stack, 'Data');
    Aspects.of(stack).add(new RequireTls());
    Aspects.of(stack).add(new RequireEncryption());
    expect(synthesisErrors(stack)).toBe('');
    expect(sids(stack)).toEqual([...TLS_SIDS, 'DenyUnencryptedUploads', 'DenyCustomerProvidedKeys']);
  });

  test('one that changes the default encryption later is an error: uploads would be asked for another algorithm', () => {
    const stack = testStack();
    const bucket = new s3.CfnBucket(stack, 'Data');
    Aspects.of(stack).add(new RequireEncryption());
    Aspects.of(bucket).add({
      visit: () => {
        bucket.bucketEncryption = { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1' } }] };
      },
    });
    expect(synthesisErrors(stack)).toMatch(/'Stack\/Data': the default encryption of the bucket was changed after RequireEncryption had been applied.*later priority/);
  });

  test('a bucket of a nested stack is guarded', () => {
    const stack = testStack();
    const nested = new NestedStack(stack, 'Nested');
    new s3.Bucket(nested, 'Data');
    Aspects.of(stack).add(new RequireTls());
    expect(synthesisErrors(stack)).toBe('');
    expect(sids(nested)).toEqual(TLS_SIDS);
  });

  describe('a network perimeter for an imported bucket exempts, in the statements to add, who deploys the policy', () => {
    const vpcIds = ['vpc-1a2b3c4d'];
    const said = (attributes: object, administrators?: iam.IPrincipal[], props: StackProps = { env: PRODUCER }) => {
      const stack = testStack(props);
      s3.Bucket.fromBucketAttributes(stack, 'Imported', { bucketArn: 'arn:aws:s3:::legacy', ...attributes }).with(new RestrictToNetwork({ vpcIds, administrators }));
      return texts(stack).join();
    };
    const owner = new iam.ArnPrincipal('arn:aws:iam::444455556666:role/Deploy');

    test('in its own account and Region, the role of the stack', () => {
      expect(said({})).toContain('role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1');
      expect(said(PRODUCER)).toContain('role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1');
    });

    test.each<[string, object, StackProps]>([
      ['another account', { account: '444455556666' }, { env: PRODUCER }],
      ['another Region', { region: 'us-east-1' }, { env: PRODUCER }],
      ['an account that may be another one', { account: '444455556666' }, {}],
    ])('in %s, whom its owner names there', (_, attributes, props) => {
      const [without, withOwner] = [said(attributes, undefined, props), said(attributes, [owner], props)];
      expect(without).toMatch(/would lock out its owner.*Name the role with which its owner deploys its policy in 'administrators'/);
      expect(without).not.toMatch(/cfn-exec-role|Add the statements/);
      expect(withOwner).toContain('Add the statements below to the policy of the bucket');
      expect(withOwner).toContain('arn:aws:iam::444455556666:role/Deploy');
      expect(withOwner).not.toContain('cfn-exec-role');
    });
  });

  /** The warnings in the cloud assembly, as the CDK CLI prints them, by the path of their construct. */
  function printed(app: App): string[] {
    return app.synth().stacksRecursively.flatMap(({ messages }) => messages.map(({ id, entry }) => `${id}: ${entry.data}`));
  }

  test.each([
    ['the app', (stack: Stack) => stack.node.root], ['a stack', (stack: Stack) => stack],
  ])('a stage in %s is not reached by an aspect there, and that is said where it is printed', (_, scopeOf) => {
    const stack = testStack();
    const scope = scopeOf(stack);
    const storage = new Stack(new Stage(scope, 'Prod'), 'Storage');
    new s3.Bucket(storage, 'Data');
    new SecureBucket(storage, 'Secure');
    new s3.Bucket(stack, 'Data');
    Aspects.of(scope).add(new RequireTls());
    expect(printed(stack.node.root as App)).toEqual([expect.stringMatching(
      /^\/(?:Stack\/)?Prod\/Storage: .*RequireTls is not enforced on '(?:Stack\/)?Prod\/Storage\/Data' in the stage '(?:Stack\/)?Prod': aspects do not reach into stages/,
    )]);
    expect(warnings(storage)).toEqual([TLS_WARNING]);
    expect(sids(stack)).toEqual(TLS_SIDS);
    expect(Stage.of(storage)!.synth().getStackArtifact(storage.artifactId).template).toEqual(Template.fromStack(storage).toJSON());
  });

  test('a stage in a stage is not reached, either', () => {
    const app = new App({ analyticsReporting: false });
    new s3.Bucket(new Stack(new Stage(new Stage(app, 'Prod'), 'Cell'), 'Storage'), 'Data');
    Aspects.of(app).add(new RequireTls());
    expect(printed(app)).toEqual([expect.stringMatching(/^\/Prod\/Cell\/Storage: .*'Prod\/Cell\/Storage\/Data' in the stage 'Prod\/Cell'/)]);
  });

  test.each<[string, (bucket: s3.Bucket, stage: Stage) => IConstruct]>([['a bucket', (bucket) => bucket], ['the stage', (_, stage) => stage]])('what %s acknowledges is not said', (_, siteOf) => {
    const app = new App({ analyticsReporting: false });
    const stage = new Stage(app, 'Prod');
    const bucket = new s3.Bucket(new Stack(stage, 'Storage'), 'Data');
    Validations.of(siteOf(bucket, stage)).acknowledge({ id: TLS_WARNING, reason: 'Read by old devices.' });
    Aspects.of(app).add(new RequireTls());
    expect(printed(app)).toEqual([]);
  });

  test('a stage with the guardrail is no surprise', () => {
    const stack = testStack();
    const stage = new Stage(stack.node.root, 'Prod');
    new s3.Bucket(new Stack(stage, 'Storage'), 'Data');
    const tls = new RequireTls();
    [stack.node.root, stage].forEach((scope) => Aspects.of(scope).add(tls));
    expect(synthesisErrors(stack)).toBe('');
    expect(texts(stack.node.root)).toEqual([]);
  });
});

test('a policy that was removed is said to be', () => {
  const stack = testStack();
  const bucket = new s3.Bucket(stack, 'Data', { enforceSSL: true });
  bucket.node.tryRemoveChild('Policy');
  bucket.with(new RequireTls());
  expect(texts(stack)).toEqual([expect.stringContaining("its policy 'Stack/Data/Policy/Resource' was removed from the construct tree")]);
});

test('an access log bucket needs no warning: it is SSE-S3 on purpose', () => {
  const stack = testStack();
  new AccessLogBucket(stack, 'Logs');
  Aspects.of(stack).add(new RequireEncryption());
  expect(synthesisErrors(stack)).toBe('');
  expect(texts(stack)).toEqual([]);
  expect(sids(stack)).toEqual(TLS_SIDS);
});

test('what else is granted joins the policy', () => {
  const stack = testStack();
  const bucket = new s3.CfnBucket(stack, 'Data');
  bucket.with(new RequireTls());
  s3.Bucket.fromCfnBucket(bucket).grantRead(new iam.AccountPrincipal('444455556666'));
  expect(policyStatements(stack)).toHaveLength(3);
});
