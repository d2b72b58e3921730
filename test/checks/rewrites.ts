import { Change, consumerStatements, properties, replace, statement, statements } from './changes';
import { APP_ROLE, BUCKET, ENDPOINT, OBJECTS } from './secure-templates';

const DENY_ALL = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, OBJECTS] };
const set = (sid: string, changed: Record<string, unknown>): Change[1] => (t) => Object.assign(statement(t, sid), changed);
const condition = (sid: string, Condition: unknown): Change[1] => set(sid, { Condition });

/** Changes that leave every decision as it is. */
export const REWRITES: readonly Change[] = [
  ['StringEquals for Bool', condition('DenyInsecureTransport', { StringEquals: { 'aws:SecureTransport': 'false' } })],
  ['a boolean for its text', condition('DenyInsecureTransport', { Bool: { 'aws:SecureTransport': false } })],
  ['StringNotEquals true for Bool false', condition('DenyInsecureTransport', { StringNotEquals: { 'aws:SecureTransport': 'true' } })],
  ['StringLike without wildcards', condition('DenyInsecureTransport', { StringLike: { 'aws:SecureTransport': 'false' } })],
  ['StringEqualsIgnoreCase with other case', condition('DenyInsecureTransport', { StringEqualsIgnoreCase: { 'aws:SecureTransport': 'FALSE' } })],
  ['BoolIfExists in a deny', condition('DenyInsecureTransport', { BoolIfExists: { 'aws:SecureTransport': 'false' } })],
  ['a condition value as a list of one', condition('DenyInsecureTransport', { Bool: { 'aws:SecureTransport': ['false'] } })],
  ['a condition key in lower case', condition('DenyInsecureTransport', { Bool: { 'aws:securetransport': 'false' } })],
  ['a condition key in upper case', condition('DenyOutdatedTls', { NumericLessThan: { 'S3:TLSVERSION': '1.2' } })],
  ['a number for its text', condition('DenyOutdatedTls', { NumericLessThan: { 's3:TlsVersion': 1.2 } })],
  ['another form of the number', condition('DenyOutdatedTls', { NumericLessThan: { 's3:TlsVersion': '1.20' } })],
  ['at most 1.1 for less than 1.2', condition('DenyOutdatedTls', { NumericLessThanEquals: { 's3:TlsVersion': '1.1' } })],
  ['the versions of TLS one by one', condition('DenyOutdatedTls', { NumericEquals: { 's3:TlsVersion': ['1.0', '1.1'] } })],
  ['a stricter floor', condition('DenyOutdatedTls', { NumericLessThan: { 's3:TlsVersion': '1.3' } })],
  ['a TLS deny split over bucket and objects', (t) => replace(t, 'DenyInsecureTransport',
    { ...DENY_ALL, Resource: BUCKET, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { ...DENY_ALL, Resource: OBJECTS, Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
  ['a TLS deny split over actions', (t) => replace(t, 'DenyInsecureTransport',
    { ...DENY_ALL, Action: 's3:Get*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { ...DENY_ALL, Action: undefined, NotAction: 's3:Get*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
  ['two denies over different resources with one more', (t) => {
    statements(t).push({ ...DENY_ALL, Action: 's3:DeleteBucket', Resource: BUCKET });
  }],
  ['Principal AWS * for *', set('DenyInsecureTransport', { Principal: { AWS: '*' } })],
  ['Principal AWS as a list', set('DenyOutdatedTls', { Principal: { AWS: ['*'] } })],
  ['Action * for s3:*', set('DenyInsecureTransport', { Action: '*' })],
  ['an action in other case', set('DenyInsecureTransport', { Action: 'S3:*' })],
  ['an action as a list', set('DenyInsecureTransport', { Action: ['s3:*'] })],
  ['actions that overlap', set('DenyInsecureTransport', { Action: ['s3:*', 's3:GetObject'] })],
  ['NotAction of another service', set('DenyInsecureTransport', { Action: undefined, NotAction: 'iam:*' })],
  ['Resource * in a deny', set('DenyInsecureTransport', { Resource: '*' })],
  ['one resource with a wildcard behind the name', set('DenyInsecureTransport', { Resource: `${BUCKET}*` })],
  ['resources in another order', set('DenyInsecureTransport', { Resource: [OBJECTS, BUCKET] })],
  ['literal ARNs', set('DenyInsecureTransport', { Resource: [BUCKET, OBJECTS] })],
  ['ARNs by Fn::Sub', set('DenyInsecureTransport', { Resource: [{ 'Fn::Sub': '${Dataset.Arn}' }, { 'Fn::Sub': '${Dataset.Arn}/*' }] })],
  ['ARNs by Fn::Sub with variables', set('DenyInsecureTransport', {
    Resource: [{ 'Fn::GetAtt': 'Dataset.Arn' }, { 'Fn::Sub': ['arn:${AWS::Partition}:s3:::${Name}/*', { Name: { Ref: 'Dataset' } }] }],
  })],
  ['ARNs by Fn::Join of a Ref', set('DenyInsecureTransport', { Resource: [{ 'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }, 's3', '', '', { Ref: 'Dataset' }]] }, OBJECTS] })],
  ['a policy that names its bucket literally', (t) => {
    properties(t, 'DatasetPolicy').Bucket = 'dataset-111122223333';
  }],
  ['a policy of another stack', (t) => {
    t.producer.Outputs = { Bucket: { Value: { Ref: 'Dataset' }, Export: { Name: 'dataset' } }, Arn: { Value: { 'Fn::GetAtt': ['Dataset', 'Arn'] }, Export: { Name: 'dataset-arn' } } };
    const text = JSON.stringify(t.producer.Resources.LogsPolicy); // stays
    t.producer.Resources.LogsPolicy = JSON.parse(text);
    statement(t, 'DenyInsecureTransport').Resource = [{ 'Fn::ImportValue': 'dataset-arn' }, { 'Fn::Join': ['', [{ 'Fn::ImportValue': 'dataset-arn' }, '/*']] }];
    properties(t, 'DatasetPolicy').Bucket = { 'Fn::ImportValue': 'dataset' };
  }],
  ['statements in another order', (t) => {
    statements(t).reverse();
  }],
  ['no Sids', (t) => statements(t).forEach((each) => delete each.Sid)],
  ['an Id', (t) => {
    properties(t, 'DatasetPolicy').PolicyDocument.Id = 'dataset';
  }],
  ['a single statement that is no list', (t) => {
    const document = t.consumer.Resources.Endpoint.Properties.PolicyDocument;
    [document.Statement] = document.Statement;
  }],
  ['a deny twice', (t) => {
    statements(t).push({ ...statement(t, 'DenyInsecureTransport'), Sid: 'Again' });
  }],
  ['a deny that has nothing to do with it', (t) => {
    statements(t).push({ ...DENY_ALL, Action: 's3:DeleteObject', Resource: `${BUCKET}/keep/*` });
  }],
  ['one more endpoint', condition('DenyOutsideNetwork', {
    StringNotEqualsIfExists: { 'aws:SourceVpce': [ENDPOINT, 'vpce-0fedcba9876543210'] },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
    ArnNotLikeIfExists: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-*' },
  })],
  ['StringNotEquals for its IfExists: negated operators hold for absent keys', condition('DenyOutsideOrg', {
    StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  })],
  ['StringNotLike without wildcards', condition('DenyOutsideOrg', {
    StringNotLike: { 'aws:PrincipalOrgID': ['o-exampleorgid'] }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  })],
  ['StringNotEquals true for BoolIfExists false', condition('DenyOutsideOrg', {
    StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:PrincipalIsAWSService': 'true' },
  })],
  ['several organizations', condition('DenyOutsideOrg', {
    StringNotEquals: { 'aws:PrincipalOrgID': ['o-exampleorgid', 'o-secondorgid'] }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  })],
  ['an organization by its paths', condition('DenyOutsideOrg', {
    'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': 'o-exampleorgid/*' }, 'BoolIfExists': { 'aws:PrincipalIsAWSService': 'false' },
  })],
  ['a trusted account beside the organization', condition('DenyOutsideOrg', {
    StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:PrincipalAccount': '777788889999' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  })],
  ['an exempt role by ArnNotEquals', condition('DenyOutsideNetwork', {
    StringNotEquals: { 'aws:SourceVpce': ENDPOINT },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
    ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1' },
  })],
  ['an exempt role by StringNotLike', condition('DenyOutsideNetwork', {
    StringNotEquals: { 'aws:SourceVpce': ENDPOINT },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
    StringNotLike: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/cdk-*-cfn-exec-role-*'] },
  })],
  ['an address range beside the endpoint', condition('DenyOutsideNetwork', {
    StringNotEqualsIfExists: { 'aws:SourceVpce': ENDPOINT },
    NotIpAddressIfExists: { 'aws:SourceIp': '203.0.113.0/24' },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
    ArnNotLikeIfExists: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1' },
  })],
  ['the VPC for its endpoint', condition('DenyOutsideNetwork', {
    StringNotEqualsIfExists: { 'aws:SourceVpc': 'vpc-0a1b2c3d4e5f60718' },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
    ArnNotLikeIfExists: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1' },
  })],
  ['algorithms denied without IfExists nor Null', condition('DenyOtherAlgorithms', {
    StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': ['aws:kms', 'aws:kms:dsse'] }, Null: { 's3:x-amz-server-side-encryption': false },
  })],
  ['fewer algorithms', condition('DenyOtherAlgorithms', {
    StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' }, Null: { 's3:x-amz-server-side-encryption': 'false' },
  })],
  ['uploads must name the algorithm and the key', (t) => {
    statement(t, 'DenyOtherAlgorithms').Condition = { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } };
    statement(t, 'DenyOtherKeys').Condition = { StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': { 'Fn::GetAtt': ['Key', 'Arn'] } } };
  }],
  ['ArnNotEquals for the key', condition('DenyOtherKeys', {
    ArnNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': { 'Fn::GetAtt': ['Key', 'Arn'] } }, Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
  })],
  ['uploads denied by s3:Put*', set('DenyOtherAlgorithms', { Action: ['s3:PutObject', 's3:PutObjectAcl'] })],
  ['SSE-C blocked by the policy alone', (t) => {
    delete properties(t, 'Dataset').BucketEncryption.ServerSideEncryptionConfiguration[0].BlockedEncryptionTypes;
  }],
  ['SSE-C blocked by the bucket alone', (t) => replace(t, 'DenyCustomerProvidedKeys')],
  ['a shorter age of presigned URLs', condition('DenyOldPresignedUrls', { StringEquals: { 's3:authType': 'REST-QUERY-STRING' }, NumericGreaterThan: { 's3:signatureAge': 60000 } })],
  ['old signatures of every kind denied', condition('DenyOldPresignedUrls', { NumericGreaterThan: { 's3:signatureAge': '900000' } })],
  ['Signature Version 2 of every kind denied', condition('DenySigV2PresignedUrls', { StringNotEquals: { 's3:signatureversion': 'AWS4-HMAC-SHA256' }, StringEquals: { 's3:authType': 'REST-QUERY-STRING' } })],
  ['a role of the consumer by Fn::Join', set('ConsumerReads', { Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:role/AppRole']] } } })],
  ['a grant split over actions', (t) => replace(t, 'ConsumerReads',
    { Effect: 'Allow', Principal: { AWS: APP_ROLE }, Action: 's3:GetObject', Resource: OBJECTS },
    { Effect: 'Allow', Principal: { AWS: APP_ROLE }, Action: 's3:PutObject', Resource: OBJECTS })],
  ['a grant that is confined to the organization', (t) => {
    statement(t, 'ConsumerReads').Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } };
  }],
  ['the consumer by its account', set('ConsumerReads', { Principal: { AWS: '444455556666' } })],
  ["the consumer by its account's root ARN, held to the role", set('ConsumerReads', { Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Condition: { ArnEquals: { 'aws:PrincipalArn': APP_ROLE } } })],
  ['everybody, held to roles of one account', set('ConsumerReads', { Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/App*' } } })],
  ['two accounts', (t) => {
    const Principal = { AWS: ['555566667777', 'arn:aws:iam::777788889999:root'] };
    statements(t).push({ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `${BUCKET}/shared/*` });
    const Condition = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com', 'kms:EncryptionContext:aws:s3:arn': BUCKET } };
    properties(t, 'Key').KeyPolicy.Statement.push({ Effect: 'Allow', Principal, Action: 'kms:Decrypt', Resource: '*', Condition });
  }],
  ['everybody of a unit of the organization', (t) => {
    const Condition = { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-exampleorgid/r-ab12/ou-ab12-11111111/*' } };
    statements(t).push({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${BUCKET}/shared/*`, Condition });
  }],
  ['an Allow to everybody of the organization', (t) => {
    statements(t).push({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${BUCKET}/shared/*`, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } });
  }],
  ['an Allow to everybody from the endpoint', (t) => {
    statements(t).push({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:GetObject', Resource: `${BUCKET}/shared/*`, Condition: { StringEquals: { 'aws:SourceVpce': ENDPOINT } } });
  }],
  ['grants as one statement', (t) => {
    replace(t, 'ConsumerLists');
    replace(t, 'ConsumerReads', { Effect: 'Allow', Principal: { AWS: [APP_ROLE] }, Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'], Resource: [BUCKET, OBJECTS] });
  }],
  ['identity statements as one', (t) => {
    consumerStatements(t).splice(0, 2, { Effect: 'Allow', Action: ['s3:PutObject', 's3:ListBucket', 's3:GetObject'], Resource: [OBJECTS, BUCKET] });
  }],
  ['a role policy for an attached one', (t) => {
    const { PolicyDocument } = t.consumer.Resources.AppPolicy.Properties;
    delete t.consumer.Resources.AppPolicy;
    t.consumer.Resources.AppRole.Properties.Policies = [{ PolicyName: 'dataset', PolicyDocument }];
  }],
  ['a managed policy for an inline one', (t) => {
    const { PolicyDocument } = t.consumer.Resources.AppPolicy.Properties;
    t.consumer.Resources.AppPolicy = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument, Roles: [{ Ref: 'AppRole' }] } };
  }],
  ['the key by its id', (t) => {
    properties(t, 'Dataset').BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID = { Ref: 'Key' };
  }],
  ['settings as texts', (t) => {
    properties(t, 'Dataset').PublicAccessBlockConfiguration = { BlockPublicAcls: 'true', BlockPublicPolicy: 'true', IgnorePublicAcls: 'true', RestrictPublicBuckets: 'true' };
    properties(t, 'Key').EnableKeyRotation = 'true';
  }],
  ['a key at which another account may look', (t) => {
    statements(t, 'Key').push({ Sid: 'Look', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: ['kms:DescribeKey', 'kms:GetKeyPolicy'], Resource: '*' });
  }],
  ['DSSE-KMS for SSE-KMS', (t) => {
    const [rule] = properties(t, 'Dataset').BucketEncryption.ServerSideEncryptionConfiguration;
    rule.ServerSideEncryptionByDefault.SSEAlgorithm = 'aws:kms:dsse';
    delete rule.BucketKeyEnabled;
    statement(t, 'DenyOtherAlgorithms').Condition.StringNotEquals = { 's3:x-amz-server-side-encryption': 'aws:kms:dsse' };
    statement(t, 'ConsumerDecrypts').Condition.StringEquals = { 'kms:ViaService': 's3.us-east-1.amazonaws.com' };
  }],
  ['the encryption context in both forms', (t) => {
    statement(t, 'ConsumerDecrypts').Condition = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' }, StringLike: { 'kms:EncryptionContext:aws:s3:arn': [BUCKET, OBJECTS] } };
  }],
  ['kms:ViaService by a pattern of S3', (t) => {
    statement(t, 'ConsumerDecrypts').Condition.StringLike = { 'kms:ViaService': 's3.*.amazonaws.com' };
    delete statement(t, 'ConsumerDecrypts').Condition.StringEquals['kms:ViaService'];
  }],
  ['an access point that leaves Block Public Access to its default', (t) => {
    delete properties(t, 'AccessPoint').PublicAccessBlockConfiguration;
  }],
  ['delegation to access points of two accounts', (t) => {
    statement(t, 'DelegateToAccessPoints').Condition = { StringEquals: { 's3:DataAccessPointAccount': ['111122223333', '444455556666'] } };
  }],
  ['delegation by the ARN of access points', (t) => {
    statement(t, 'DelegateToAccessPoints').Condition = { ArnLike: { 's3:DataAccessPointArn': 'arn:aws:s3:us-east-1:111122223333:accesspoint/*' } };
  }],
  ['HTTPS alone for viewers', (t) => {
    properties(t, 'Site').DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy = 'https-only';
  }],
  ['RetainExceptOnCreate for Retain', (t) => {
    t.producer.Resources.Dataset.DeletionPolicy = 'RetainExceptOnCreate';
  }],
  ['other resources beside', (t) => {
    t.producer.Resources.Queue = { Type: 'AWS::SQS::Queue' };
    t.producer.Resources.Anything = { Type: 'Custom::Anything', Properties: { ServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:f' } };
  }],
  ['tags and metadata', (t) => {
    properties(t, 'Dataset').Tags = [{ Key: 'team', Value: '*' }];
    t.producer.Resources.Dataset.Metadata = { note: 'arn:aws:s3:::*' };
  }],
  ['a policy as a text of JSON', (t) => {
    properties(t, 'DatasetPolicy').PolicyDocument = { 'Fn::ToJsonString': properties(t, 'DatasetPolicy').PolicyDocument };
  }],
  ['a policy under a condition that holds', ({ producer }) => {
    producer.Conditions = { IsHere: { 'Fn::And': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }, { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }] } };
    producer.Resources.DatasetPolicy.Condition = 'IsHere';
  }],
  ['bucket and policy under one condition', ({ producer }) => {
    producer.Conditions = { IsProduction: { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] } };
    producer.Resources.Dataset.Condition = producer.Resources.DatasetPolicy.Condition = 'IsProduction';
  }],
  ['another policy under a condition that does not hold', ({ producer }) => {
    producer.Conditions = { IsElsewhere: { 'Fn::Or': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] }, { Condition: 'Never' }] }, Never: { 'Fn::Equals': ['a', 'b'] } };
    producer.Resources.Open = { Type: 'AWS::S3::BucketPolicy', Condition: 'Never', Properties: { Bucket: { Ref: 'Dataset' }, PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: OBJECTS }] } } };
  }],
  ['settings of the branch that is taken', (t) => {
    t.producer.Conditions = { IsHere: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } };
    properties(t, 'Dataset').PublicAccessBlockConfiguration = { 'Fn::If': ['IsHere', properties(t, 'Dataset').PublicAccessBlockConfiguration, { Ref: 'AWS::NoValue' }] };
  }],
  ['elements without a value', (t) => {
    Object.assign(statement(t, 'DenyInsecureTransport'), { NotAction: { Ref: 'AWS::NoValue' }, NotPrincipal: { 'Fn::If': ['Any', { Ref: 'AWS::NoValue' }, { Ref: 'AWS::NoValue' }] } });
  }],
  ['a policy of a bucket that its resources tell', (t) => {
    properties(t, 'DatasetPolicy').Bucket = { Ref: 'BucketName' };
    statements(t).forEach((each) => Object.assign(each, { Resource: JSON.parse(JSON.stringify(each.Resource).split('{"Fn::GetAtt":["Dataset","Arn"]}').join(`"${BUCKET}"`)) }));
  }],
  ['a TLS deny split over callers', (t) => replace(t, 'DenyInsecureTransport',
    { ...DENY_ALL, Condition: { Bool: { 'aws:SecureTransport': 'false' }, ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } } },
    { ...DENY_ALL, Condition: { Bool: { 'aws:SecureTransport': 'false' }, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } } })],
  ['a TLS deny split over keys', (t) => replace(t, 'DenyInsecureTransport',
    { ...DENY_ALL, Resource: `${BUCKET}/data/*`, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { ...DENY_ALL, Resource: undefined, NotResource: `${BUCKET}/data/*`, Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
  ['every action of S3 by its first letter', set('DenyInsecureTransport', { Action: 'ABCDGILOPRSTU'.split('').map((letter) => `s3:${letter}*`) })],
  ['the owner of the bucket as a condition', condition('DenyInsecureTransport', { Bool: { 'aws:SecureTransport': 'false' }, StringEquals: { 'aws:ResourceAccount': '111122223333' } })],
  ['an account of callers of KMS', (t) => {
    statements(t, 'Key').push({ Effect: 'Allow', Principal: { AWS: '*' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*', Condition: { StringEquals: { 'kms:CallerAccount': '111122223333', 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } });
  }],
  ['a service that uses the key for log groups of the account', (t) => {
    statements(t, 'Key').push({ Effect: 'Allow', Principal: { Service: 'logs.us-east-1.amazonaws.com' }, Action: 'kms:GenerateDataKey*', Resource: '*', Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:us-east-1:111122223333:*' } } });
  }],
  ['another account that may describe the key', (t) => {
    statements(t, 'Key').push({ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'kms:DescribeKey', Resource: '*' });
  }],
  ['administration for the own account', (t) => {
    statements(t).push({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: [BUCKET, OBJECTS], Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } });
  }],
  ['a service for a trail of the account', (t) => {
    statements(t).push({ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject', Resource: OBJECTS, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:us-east-1:111122223333:trail/*' } } });
  }],
  ['a partner who is denied everything', (t) => {
    statements(t).push({ ...DENY_ALL, Principal: { AWS: '777788889999' } });
  }],
  ['deletion of versions denied but for an administrator', (t) => {
    statements(t).push({ ...DENY_ALL, Action: 's3:DeleteObjectVersion', Resource: OBJECTS, Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Administrator' } } });
  }],
  ['prefixes that the sides share', (t) => {
    statement(t, 'ConsumerReads').Resource = `${BUCKET}/reports/*`;
    consumerStatements(t)[0].Resource = `${BUCKET}/reports/2026/*`;
  }],
  ['a name of the bucket from a parameter', (t) => {
    const named = (text: string) => JSON.parse(text.split(`"${BUCKET}`).join('{"Fn::Sub":"arn:aws:s3:::${Name}').replace(/(\{"Fn::Sub":"arn:aws:s3:::\$\{Name}[^"]*")/g, '$1}'));
    Object.assign(t.producer, named(JSON.stringify(t.producer)));
    properties(t, 'Dataset').BucketName = { Ref: 'Name' };
  }],
];
