import { isUnknown } from '../../src/policy/unknown-text';
import { deploymentOf } from '../../src/template/deployment-of';
import { mistakesIn } from '../../src/template/mistakes';
import { Template } from '../../src/template/template';
import { file, json, secureBucket } from '../cli/terminal';

function mistakes(template: Template): string[] {
  return deploymentOf([{ name: 'Stack', template }]).stacks.flatMap(mistakesIn).map(({ logicalId, problem }) => `${logicalId}: ${problem}`);
}

function inBucket(value: unknown, others: Template = {}): string[] {
  return mistakes({ ...others, Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: value } }, ...others.Resources } });
}

const MAPPINGS = { Names: { eu: { bucket: 'data' } } };

describe('what CloudFormation refuses is said', () => {
  test.each<[what: string, value: unknown, problem: string]>([
    ['Ref', { Ref: 'Missing' }, "Bucket: Properties.BucketName.Ref: 'Missing' is not a parameter or a resource of the template."],
    ['a misspelt pseudo parameter', { Ref: 'AWS::AcountId' }, "Bucket: Properties.BucketName.Ref: 'AWS::AcountId' is not a parameter or a resource of the template."],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Missing', 'Arn'] }, "Bucket: Properties.BucketName.Fn::GetAtt: 'Missing' is not a resource of the template."],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Missing.Arn' }, "Bucket: Properties.BucketName.Fn::GetAtt: 'Missing' is not a resource of the template."],
    ['Fn::GetAtt of a parameter', { 'Fn::GetAtt': ['Given', 'Arn'] }, "Bucket: Properties.BucketName.Fn::GetAtt: 'Given' is not a resource of the template."],
    ['Fn::Sub', { 'Fn::Sub': 'a-${Missing}' }, "Bucket: Properties.BucketName.Fn::Sub: 'Missing' is not a parameter or a resource of the template. For a text that stays as it is, write '${!Missing}'."],
    ['Fn::Sub of an attribute', { 'Fn::Sub': ['a-${Missing.Arn}', {}] }, "Bucket: Properties.BucketName.Fn::Sub: 'Missing' is not a resource of the template. For a text that stays as it is, write '${!Missing.Arn}'."],
    ['Fn::If', { 'Fn::If': ['Missing', 'a', 'b'] }, "Bucket: Properties.BucketName.Fn::If: 'Missing' is not a condition of the template."],
    ['a mapping', { 'Fn::FindInMap': ['Missing', 'eu', 'bucket'] }, "Bucket: Properties.BucketName.Fn::FindInMap: 'Missing.eu.bucket' is not in the mappings of the template."],
    ['a key of a mapping', { 'Fn::FindInMap': ['Names', 'us', { Ref: 'Given' }] }, "Bucket: Properties.BucketName.Fn::FindInMap: 'Names.us' is not in the mappings of the template."],
    ['in a function', { 'Fn::Join': ['-', ['a', { Ref: 'Missing' }]] }, "Bucket: Properties.BucketName.Fn::Join[1][1].Ref: 'Missing' is not a parameter or a resource of the template."],
  ])('a reference to nothing by %s', (_, value, problem) => {
    expect(inBucket(value, { Parameters: { Given: { Type: 'String' } }, Mappings: MAPPINGS })).toEqual([problem]);
  });

  test('the condition of a resource, of an output and of a condition', () => {
    expect(mistakes({
      Resources: { Bucket: { Type: 'AWS::S3::Bucket', Condition: 'One' } },
      Outputs: { Name: { Condition: 'Two', Value: { Ref: 'Bucket' } } },
      Conditions: { Three: { 'Fn::Not': [{ Condition: 'Four' }] } },
    })).toEqual([
      "Bucket: Condition: 'One' is not a condition of the template.",
      "Outputs: Name.Condition: 'Two' is not a condition of the template.",
      "Conditions: Three.Fn::Not[0].Condition: 'Four' is not a condition of the template.",
    ]);
  });

  describe('a key of a mapping that is known', () => {
    const REGION = { Ref: 'AWS::Region' };
    const inPlace = (value: unknown, stack: object = { region: 'us-east-1' }, resource: object = {}) => {
      const template = { Mappings: MAPPINGS, Conditions: { Any: { 'Fn::Equals': [{ Ref: 'Given' }, 'a'] } }, Parameters: { Given: { Type: 'String' } }, Resources: { Bucket: { Type: 'AWS::S3::Bucket', ...resource, Properties: { BucketName: value } } } };
      return deploymentOf([{ name: 'Stack', template, ...stack }]).stacks.flatMap(mistakesIn).map(({ problem }) => problem);
    };

    test.each<[what: string, value: unknown, stack: object, named: string]>([
      ['a Region', { 'Fn::FindInMap': ['Names', REGION, 'bucket'] }, { region: 'us-east-1' }, 'Names.us-east-1.bucket'],
      ['a partition', { 'Fn::FindInMap': ['Names', { Ref: 'AWS::Partition' }, 'bucket'] }, { region: 'us-east-1' }, 'Names.aws.bucket'],
      ['an account', { 'Fn::FindInMap': ['Names', 'eu', { Ref: 'AWS::AccountId' }] }, { account: '111122223333' }, 'Names.eu.111122223333'],
      ['a given parameter', { 'Fn::FindInMap': ['Names', { Ref: 'Given' }, 'bucket'] }, { parameters: { Given: 'us' } }, 'Names.us.bucket'],
    ])('%s', (_, value, stack, named) => expect(inPlace(value, stack)).toEqual([expect.stringContaining(`'${named}' is not in the mappings of the template.`)]));

    test.each<[what: string, found: string[]]>([
      ['that is there', inPlace({ 'Fn::FindInMap': ['Names', { Ref: 'Given' }, 'bucket'] }, { parameters: { Given: 'eu' } })],
      ['that is not known', inPlace({ 'Fn::FindInMap': ['Names', REGION, 'bucket'] }, {})],
      ['that has a default', inPlace({ 'Fn::FindInMap': ['Names', REGION, 'bucket', { DefaultValue: 'data' }] })],
      ['in a branch that may not be taken', inPlace({ 'Fn::If': ['Any', { 'Fn::FindInMap': ['Names', REGION, 'bucket'] }, 'data'] })],
      ['of a resource under a condition', inPlace({ 'Fn::FindInMap': ['Names', REGION, 'bucket'] }, undefined, { Condition: 'Any' })],
    ])('is no mistake %s', (_, found) => expect(found).toEqual([]));
  });

  test('conditions that refer to themselves', () => {
    const not = (name: string) => ({ 'Fn::Not': [{ Condition: name }] });
    const Equal = { 'Fn::Equals': ['a', 'a'] };
    expect(mistakes({ Resources: {}, Conditions: { Z: { Condition: 'Y' }, Y: not('Z'), Own: not('Own'), Other: { 'Fn::And': [{ Condition: 'Z' }, { Condition: 'Equal' }] }, Equal } })).toEqual([
      "Conditions: Z: The condition 'Z' refers to itself, be it through others (Y, Z). Say it without that.",
      "Conditions: Y: The condition 'Y' refers to itself, be it through others (Z, Y). Say it without that.",
      "Conditions: Own: The condition 'Own' refers to itself, be it through others (Own). Say it without that.",
    ]);
  });

  test('DependsOn, and a parameter with the logical ID of a resource', () => {
    const bucket: object = { Type: 'AWS::S3::Bucket', DependsOn: ['Other', 'Missing'] };
    expect(mistakes({ Parameters: { Other: { Type: 'String' } }, Resources: { Bucket: bucket, Other: { Type: 'AWS::S3::Bucket' } } })).toEqual([
      "Bucket: DependsOn: 'Missing' is not a resource of the template.",
      "Other: A parameter has the logical ID 'Other', too: logical IDs are unique in a template. Rename one.",
    ]);
  });
});

describe('references to a resource whose condition does not hold', () => {
  const UNDEPLOYED = "'Key' is not deployed, since the condition 'Production' does not hold. Choose by 'Fn::If' what stands here then, or put both under one condition.";
  const key: any = { 'Fn::GetAtt': ['Key', 'Arn'] };
  const template = (bucket: object, others: object = {}, stage = 'test'): Template => ({
    Parameters: { Stage: { Type: 'String' } },
    Conditions: { Production: { 'Fn::Equals': [stage, 'production'] }, Unknown: { 'Fn::Equals': [{ Ref: 'Stage' }, 'a'] }, Test: { 'Fn::Not': [{ Condition: 'Production' }] } },
    Resources: { Key: { Type: 'AWS::KMS::Key', Condition: 'Production' }, Bucket: { Type: 'AWS::S3::Bucket', ...bucket } },
    ...others,
  });

  test.each<[what: string, template: Template, problem: string]>([
    ['Ref', template({ Properties: { BucketName: { Ref: 'Key' } } }), `Bucket: Properties.BucketName.Ref: ${UNDEPLOYED}`],
    ['Fn::GetAtt', template({ Properties: { BucketName: key } }), `Bucket: Properties.BucketName.Fn::GetAtt: ${UNDEPLOYED}`],
    ['Fn::Sub, once', template({ Properties: { BucketName: { 'Fn::Sub': '${Key}-${Key.Arn}' } } }), `Bucket: Properties.BucketName.Fn::Sub: ${UNDEPLOYED}`],
    ['the branch that is chosen', template({ Properties: { BucketName: { 'Fn::If': ['Test', key, 'a'] } } }), `Bucket: Properties.BucketName.Fn::If[1].Fn::GetAtt: ${UNDEPLOYED}`],
    ['an output', template({}, { Outputs: { Arn: { Value: key } } }), `Outputs: Arn.Value.Fn::GetAtt: ${UNDEPLOYED}`],
  ])('are said: %s', (_, written, problem) => expect(mistakes(written)).toEqual([problem]));

  test.each<[what: string, template: Template]>([
    ['where the condition holds', template({ Properties: { BucketName: key } }, { Outputs: { Arn: { Value: key } } }, 'production')],
    ['under the same condition', template({ Condition: 'Production', Properties: { BucketName: key } }, { Outputs: { Arn: { Condition: 'Production', Value: key } } })],
    ['in the branch that is not chosen', template({ Properties: { BucketName: { 'Fn::If': ['Production', key, 'a'] } } })],
    ['in a branch, where it is not known which is chosen', template({ Properties: { BucketName: { 'Fn::If': ['Unknown', key, 'a'] } } })],
    ['of what may not be deployed', template({ Condition: 'Unknown', Properties: { BucketName: key } })],
    ['that only wait for it', template({ DependsOn: 'Key' })],
    ['that fill in a value of their own', template({ Properties: { BucketName: { 'Fn::Sub': ['${Key}', { Key: 'a' }] } } })],
  ])('are no mistake %s', (_, written) => expect(mistakes(written)).toEqual([]));

  test('have a value that is not known', () => {
    const { stacks: [stack], resources } = deploymentOf([{ name: 'Stack', template: template({ Properties: { BucketName: key } }) }]);
    expect(isUnknown(resources.find(({ logicalId }) => logicalId === 'Bucket')!.property('BucketName'))).toBe(true);
    expect(stack.deployment.resource('Stack', 'Key')!.isDeployed).toBe(false);
  });

  test('of another stack: an export whose condition does not hold is none', () => {
    const writer = template({}, {
      Outputs: {
        Key: { Condition: 'Production', Value: key, Export: { Name: 'shared' } },
        Bucket: { Condition: 'Test', Value: { Ref: 'Bucket' }, Export: { Name: 'shared' } },
        Other: { Condition: 'Production', Value: 'a', Export: { Name: 'other' } },
      },
    });
    const reader = { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::ImportValue': 'shared' }, AccessControl: { 'Fn::ImportValue': 'other' } } } } };
    const bucket = deploymentOf([{ name: 'Writer', template: writer }, { name: 'Reader', template: reader }]).resource('Reader', 'Bucket')!;
    expect(bucket.property('BucketName')).toBe('writer-bucket');
    expect(isUnknown(bucket.property('AccessControl'))).toBe(true);
  });
});

describe('outputs of other stacks', () => {
  const WRITER = { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } }, Outputs: { Name: { Value: { Ref: 'Bucket' } } } };
  const reading = (named: object, { writer = {}, place = {} } = {}) => {
    const reader = { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::GetStackOutput': named } } } } };
    const stacks = [{ name: 'Writer', template: WRITER, ...writer }, { name: 'Reader', template: reader, ...place }];
    return deploymentOf(stacks).stacks.flatMap(mistakesIn).map(({ logicalId, problem }) => `${logicalId}: ${problem}`);
  };

  test('one that the stack does not have is said', () => {
    expect(reading({ StackName: 'Writer', OutputName: 'Nmae' })).toEqual(["Bucket: Properties.BucketName.Fn::GetStackOutput: the stack 'Writer' has no output 'Nmae'."]);
  });

  test('one that the stack of a Region does not have is said, and one whose condition does not hold', () => {
    const there = { writer: { account: '111122223333', region: 'eu-west-1' }, place: { account: '111122223333', region: 'us-east-1' } };
    expect(reading({ StackName: 'Writer', OutputName: 'Nmae', Region: 'eu-west-1' }, there)).toHaveLength(1);
    expect(reading({ StackName: 'Writer', OutputName: 'Name', Region: 'eu-west-1' }, there)).toEqual([]);
    const template = { ...WRITER, Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } }, Outputs: { Name: { Condition: 'Never', ...WRITER.Outputs.Name } } };
    expect(reading({ StackName: 'Writer', OutputName: 'Name' }, { writer: { template } })).toHaveLength(1);
  });

  test.each<[what: string, named: object, where?: object]>([
    ['that the stack has', { StackName: 'Writer', OutputName: 'Name' }],
    ['of a stack that is not at hand', { StackName: 'Elsewhere', OutputName: 'Nmae' }],
    ['of a place that is named', { StackName: 'Writer', OutputName: 'Nmae', Region: 'eu-west-1' }],
    ['of a stack of that name in another Region', { StackName: 'Writer', OutputName: 'Nmae' }, { writer: { region: 'eu-west-1' }, place: { region: 'us-east-1' } }],
    ['that a transform may make', { StackName: 'Writer', OutputName: 'Nmae' }, { writer: { unseen: ['The transform is not run.'] } }],
  ])('one %s is no mistake', (_, named, where = {}) => {
    expect(reading(named, where)).toEqual([]);
  });
});

describe('what CloudFormation takes is no mistake', () => {
  test.each<[what: string, value: unknown]>([
    ['pseudo parameters', { 'Fn::Sub': '${AWS::AccountId}-${AWS::Region}-${AWS::StackName}-${AWS::StackId}-${AWS::Partition}-${AWS::URLSuffix}' }],
    ['a value of its own', { 'Fn::Sub': ['${Own}-${Own.Name}', { 'Own': 'a', 'Own.Name': 'b' }] }],
    ['a text that stays as it is', { 'Fn::Sub': '${!Missing}' }],
    ['an attribute with a dot', { 'Fn::GetAtt': 'Nested.Outputs.Name' }],
    ['a mapping with a default', { 'Fn::FindInMap': ['Missing', 'eu', 'bucket', { DefaultValue: 'data' }] }],
    ['a key that is given', { 'Fn::FindInMap': ['Names', { Ref: 'AWS::Region' }, 'bucket'] }],
    ['a resource that a module makes', { Ref: 'Module.Bucket' }],
    ['an element of a policy that is called Condition', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
  ])('%s', (_, value) => {
    expect(inBucket(value, { Mappings: MAPPINGS, Resources: { Nested: { Type: 'AWS::CloudFormation::Stack' }, Module: { Type: 'My::Storage::Bucket::MODULE' } } })).toEqual([]);
  });

  test('what a loop makes, and its identifier', () => {
    const loop: any = ['Name', ['A', 'B'], { 'Bucket${Name}': { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': 'data-${Name}' } } } }];
    expect(inBucket({ Ref: 'BucketA' }, { Transform: 'AWS::LanguageExtensions', Resources: { 'Fn::ForEach::Buckets': loop } })).toEqual([]);
  });

  test.each(['ApiStage', 'Api.RootResourceId', 'ServerlessRestApi', 'FunctionRole', 'Function.Version', 'FunctionAliaslive'])('what SAM makes: %s', (name) => {
    const sam = { Api: { Type: 'AWS::Serverless::Api' }, Function: { Type: 'AWS::Serverless::Function' } };
    expect(inBucket({ Ref: name }, { Transform: 'AWS::Serverless-2016-10-31', Resources: sam })).toEqual([]);
    expect(inBucket({ Ref: 'Missing' }, { Transform: 'AWS::Serverless-2016-10-31', Resources: sam })).toHaveLength(1);
  });

  test('what a macro may make', () => expect(inBucket({ Ref: 'Missing' }, { Transform: 'Company' })).toEqual([]));
});

describe('the command', () => {
  const tls = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [{ 'Fn::GetAtt': ['Bukcet', 'Arn'] }, { 'Fn::Sub': '${Bukcet.Arn}/*' }], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  const template = file({
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [tls] } } },
    },
  }, 'misspelt.json');
  const request = ['--principal', 'anonymous', '--action', 's3:GetObject', '--resource', 'Bucket', '--key', 'key'];
  const said = /Policy: Properties\.PolicyDocument\.Statement\[0]\.Resource\[0]\.Fn::GetAtt: 'Bukcet' is not a resource of the template\. CloudFormation refuses the template\./;

  test('finds it with check, once in a place', () => {
    const { findings } = json('check', template);
    expect(findings.filter(({ rule }: any) => rule === 'SecureBucket-RefusedTemplate')).toEqual([
      expect.objectContaining({ logicalId: 'Policy', status: 'finding', problem: "Properties.PolicyDocument.Statement[0].Resource[0].Fn::GetAtt: 'Bukcet' is not a resource of the template." }),
      expect.objectContaining({ logicalId: 'Policy', status: 'finding', problem: expect.stringContaining('Statement[0].Resource[1].Fn::Sub') }),
    ]);
  });

  test.each([['prove', []], ['explain', request]])('warns of it with %s, in every format', (command, args) => {
    expect(secureBucket(command, template, ...args).err).toMatch(said);
    expect(json(command, template, ...args).warnings).toContainEqual(expect.stringMatching(said));
    expect(secureBucket(command, template, ...args, '--format', 'sarif').out).toMatch(said);
  });

  test('shows it in the report', () => expect(json('report', template).findings).toContainEqual(expect.objectContaining({ rule: 'SecureBucket-RefusedTemplate' })));

  test('does not decide what depends on it', () => {
    const [{ guarantees }] = json('prove', template).buckets;
    expect(guarantees).toContainEqual(expect.objectContaining({ rule: 'SecureBucket-RequireTls', verdict: 'not-decided' }));
  });

  test('is not clean where nothing depends on it', () => {
    const output = file({ Resources: { Topic: { Type: 'AWS::SNS::Topic', DependsOn: 'Missing' } } });
    expect(secureBucket('check', output).exitCode).toBe(2);
  });
});
