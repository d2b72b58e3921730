import { file, json, secureBucket } from './terminal';

const STATEMENT = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::amzn-s3-demo-bucket', 'arn:aws:s3:::amzn-s3-demo-bucket/*'], Condition: { Bool: { 'aws:SecureTransport': { Ref: 'Secure' } } } };
const WITH_PARAMETER = file({
  Parameters: { Secure: { Type: 'String', AllowedValues: ['true', 'false'] }, Zones: { Type: 'CommaDelimitedList' }, Image: { Type: 'AWS::SSM::Parameter::Value<String>' } },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [STATEMENT] } } },
  },
}, 'data.json');

const tls = (...args: string[]) => json('prove', WITH_PARAMETER, ...args).buckets[0].guarantees.find(({ rule }: any) => rule === 'SecureBucket-RequireTls').verdict;

describe('--parameters', () => {
  test.each([
    ['words', ['Secure=false']],
    ['a list of words in a file', [file(['Secure=false'])]],
    ['the form of CloudFormation, in a file', [file([{ ParameterKey: 'Secure', ParameterValue: 'false' }])]],
    ['the form of CodePipeline, in a file', [file({ Parameters: { Secure: 'false' } })]],
    ['a file as the AWS CLI names it', [`file://${file(['Secure=false'])}`]],
    ['values that are no texts', [file({ Parameters: { Secure: false } })]],
    ['the last of several', [file(['Secure=true']), 'Secure=false']],
  ])('takes %s, and what is not known is decided', (_, words) => {
    expect([tls(), tls('--parameters', ...words), tls('--parameters', 'Secure=true')]).toEqual(['not-decided', 'holds', 'broken']);
  });

  test('are those of check, report and explain, too', () => {
    const rules = (answer: any) => answer.findings.map(({ rule }: any) => rule);
    expect(rules(json('check', WITH_PARAMETER))).toContain('SecureBucket-RequireTls-NotDecided');
    expect(rules(json('check', WITH_PARAMETER, '--parameters', 'Secure=false'))).not.toContainEqual(expect.stringContaining('RequireTls'));
    expect(rules(json('report', WITH_PARAMETER, '--parameters', 'Secure=true'))).toContain('SecureBucket-RequireTls');
    const asking = ['--principal', 'anonymous', '--action', 's3:ListBucket', '--resource', 'Bucket', '--context', 'aws:SecureTransport=false'];
    expect(json('explain', WITH_PARAMETER, '--parameters', 'Secure=false', ...asking).decisions[0].layers).toContainEqual(expect.objectContaining({ layer: 'bucket-policy', verdict: 'denies' }));
  });

  test('without them, the answer names those that decide', () => {
    expect(secureBucket('prove', WITH_PARAMETER, '--account', '111122223333').out).toMatch(/What is not known before deployment can be provided: --region, --parameters Secure=<value>, --assume <file>\.\n$/);
    expect(secureBucket('check', WITH_PARAMETER).out).toContain('can be provided: --account, --region, --parameters ');
  });

  test('a list is a list, and the name of a value in Systems Manager is not the value', () => {
    const template = file({
      Parameters: { Names: { Type: 'CommaDelimitedList' }, Stored: { Type: 'AWS::SSM::Parameter::Value<String>' } },
      Resources: {
        Second: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Select': [1, { Ref: 'Names' }] } } },
        Stored: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': 'x-${Stored}' } } },
      },
    });
    const arns = json('prove', template, '--parameters', 'Names=amzn-s3-demo-a, amzn-s3-demo-b', 'Stored=/names/bucket').buckets.map(({ arn }: any) => arn);
    expect(arns[0]).toBe('arn:aws:s3:::amzn-s3-demo-b');
    expect(arns[1]).not.toContain('/names/bucket');
  });

  test.each([
    ['a parameter that no template has', ['Secrue=true'], /no template has a parameter 'Secrue'\. Did you mean 'Secure'\?/],
    ['another one that no template has', ['Nothing=true'], /no template has a parameter 'Nothing'\.\n/],
    ['a value that the template does not allow', ['Secure=maybe'], /--parameters: the parameter 'Secure' of \S*data cannot have the value 'maybe': its AllowedValues are \["true","false"]\./],
    ['a file that is not there', ['nowhere.json'], /nowhere\.json cannot be read: there is no such file/],
    ['a file of another form', [file({ Secure: 'true' })], /must have the form of aws cloudformation deploy/],
    ['a value that is not in the file', [file([{ ParameterKey: 'Secure', UsePreviousValue: true }])], /must have the form of aws cloudformation deploy/],
    ['another value than that of --assume', ['Secure=true', '--stack-name', 'data', '--assume', file({ parameters: { data: { Secure: 'false' } } })], /The parameter 'Secure' of data has two values/],
  ])('%s is wrong use', (_, words, message) => {
    expect(secureBucket('prove', WITH_PARAMETER, '--parameters', ...words)).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(message) });
  });
});

describe('a value that the declaration of the parameter excludes', () => {
  const DECLARED = {
    Name: { Type: 'String', AllowedPattern: '[a-z]+', MinLength: 2, MaxLength: '5' },
    Names: { Type: 'CommaDelimitedList', AllowedPattern: '[a-z]+' },
    Zones: { Type: 'List<String>', AllowedValues: ['a', 'b'] },
    Days: { Type: 'Number', MinValue: 1, MaxValue: 10 },
    Ports: { Type: 'List<Number>' },
    Stored: { Type: 'AWS::SSM::Parameter::Value<String>', AllowedPattern: '/data/.*' },
    Other: { Type: 'String', AllowedPattern: '\\p{Lower}+' },
    Union: { Type: 'String', AllowedPattern: '[a-c[0-9]]+' },
  };
  const template = file({ Parameters: DECLARED, Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } });
  const given = (value: string) => secureBucket('check', template, '--stack-name', 'data', '--parameters', value);

  test.each([
    ['Name=A1', "the parameter 'Name' of data cannot have the value 'A1': its AllowedPattern is [a-z]+."],
    ['Name=a', "the parameter 'Name' of data cannot have the value 'a': its MinLength is 2."],
    ['Name=abcdef', "the parameter 'Name' of data cannot have the value 'abcdef': its MaxLength is 5."],
    ['Names=a,B', "the parameter 'Names' of data cannot have the value 'a,B': its AllowedPattern is [a-z]+."],
    ['Zones=a,c', "the parameter 'Zones' of data cannot have the value 'a,c': its AllowedValues are [\"a\",\"b\"]."],
    ['Days=0', "the parameter 'Days' of data cannot have the value '0': its MinValue is 1."],
    ['Days=11', "the parameter 'Days' of data cannot have the value '11': its MaxValue is 10."],
    ['Days=many', "the parameter 'Days' of data cannot have the value 'many': its Type is Number."],
    ['Ports=80,http', "the parameter 'Ports' of data cannot have the value '80,http': its Type is List<Number>."],
    ['Stored=/other', "the parameter 'Stored' of data cannot have the value '/other': its AllowedPattern is /data/.*."],
  ])('%s is wrong use, which names parameter, value and declaration', (value, message) => {
    expect(given(value)).toEqual({ exitCode: 1, out: '', err: `secure-bucket: --parameters: ${message}\n` });
  });

  test.each(['Name=abc', 'Names=a, b', 'Zones=b,a', 'Days=10', 'Ports=80, 443', 'Other=abc', 'Union=a1'])('%s is taken', (value) => expect(given(value).err).toBe(''));

  test('the name of a value in Systems Manager is taken, and does not give the value, which is said', () => {
    const said = "the parameter 'Stored' of data has its value in Systems Manager, and what is given is the name of it: the value is not known. Provide it under 'parameters.data.Stored' in the file of --assume.";
    expect(given('Stored=/data/name').err).toContain(`--parameters: ${said}`);
    const assumed = file({ parameters: { data: { Stored: 'the value' } } });
    expect(secureBucket('check', template, '--stack-name', 'data', '--parameters', 'Stored=/data/name', '--assume', assumed).err).toBe('');
  });

  test.each([
    ['a value', { Name: 'A1' }, /: the parameter 'Name' of data cannot have the value 'A1': its AllowedPattern is \[a-z]\+\./],
    ['a list', { Names: ['a', 'B'] }, /: the parameter 'Names' of data cannot have the value 'a,B'/],
    ['a parameter that there is not', { Nmae: 'abc' }, /: data has no parameter 'Nmae'\. Did you mean 'Name'\?/],
  ])('%s of --assume is wrong use as well', (_, parameters, message) => {
    const assume = (assumed: object) => secureBucket('check', template, '--stack-name', 'data', '--assume', file({ parameters: { data: assumed } }));
    expect(assume(parameters)).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(message) });
    expect(assume({ Name: 'abc', Stored: 'the value itself' }).err).toBe('');
  });
});

describe('--assume', () => {
  // By a tag, outsiders meet the exemption, unless the organization stops them.
  const network = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, StringNotLike: { 'aws:PrincipalTag/team': 'network' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } };
  const template = file({
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [network] } } },
    },
  });
  const outside = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } };
  const assuming = (account: object) => ['--account', '111122223333', '--assume', file({ accounts: { 111122223333: account } })];
  const ofNetwork = ({ buckets: [{ guarantees }] }: any) => guarantees.find(({ rule }: any) => rule === 'SecureBucket-NetworkPerimeter').verdict;

  test('gives prove, check and report the resource control policies above the bucket', () => {
    const controlled = assuming({ resourceControlPolicies: [{ Version: '2012-10-17', Statement: [outside] }] });
    expect(ofNetwork(json('prove', template, '--account', '111122223333'))).toBe('broken');
    expect(ofNetwork(json('prove', template, ...controlled))).toBe('holds');
    const rules = (command: string, ...args: string[]) => json(command, template, ...args).findings.map(({ rule }: any) => rule);
    expect(rules('check')).toContain('SecureBucket-NetworkPerimeter');
    expect(rules('check', ...controlled)).not.toContain('SecureBucket-NetworkPerimeter');
    expect(rules('report', ...controlled)).not.toContain('SecureBucket-NetworkPerimeter');
  });

  test.each([
    ['of another account', { accounts: { 444455556666: { resourceControlPolicies: [{ Statement: [outside] }] } } }],
    ['above the management account, which they do not bind', { accounts: { 111122223333: { isManagementAccount: true, resourceControlPolicies: [{ Statement: [outside] }] } } }],
    ['of an account that is in no organization', { accounts: { 111122223333: { organizationId: null, resourceControlPolicies: [{ Statement: [outside] }] } } }],
  ])('policies %s are none of the bucket', (_, assumptions) => {
    expect(ofNetwork(json('prove', template, '--account', '111122223333', '--assume', file(assumptions)))).toBe('broken');
  });

  test('says where in the organization the account is: policies of templates bind it that are attached above', () => {
    const organization = file({ Resources: { Control: { Type: 'AWS::Organizations::Policy', Properties: { Type: 'RESOURCE_CONTROL_POLICY', TargetIds: ['ou-ab12-11111111'], Content: { Version: '2012-10-17', Statement: [outside] } } } } });
    const below = (path: string) => ofNetwork(json('prove', template, organization, ...assuming({ organizationPath: path })));
    expect([below('o-exampleorgid/r-ab12/ou-ab12-11111111/'), below('o-exampleorgid/r-ab12/ou-ab12-22222222/')]).toEqual(['holds', 'broken']);
  });
});
