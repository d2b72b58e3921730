import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

/** What OverbroadGrant says of a statement that lets a service upload, in a stack that may be deployed to any Region. */
function verdict(service: unknown, sourceArn?: unknown): string {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*', Condition: sourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': sourceArn } } };
  const template = {
    Parameters: { P: { Type: 'String' } },
    Resources: { Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'amzn-s3-demo-bucket', PolicyDocument: { Version: '2012-10-17', Statement: [statement] } } } },
  };
  const [finding] = judge(deploymentOf([{ name: 'Stack', account: '111122223333', template: template as any }])).filter(({ rule }) => rule.id === 'OverbroadGrant');
  return finding === undefined ? 'clean' : finding.isDecided ? 'finding' : 'not decided';
}

const sub = (text: string) => ({ 'Fn::Sub': text });

test('a service whose Region is not known is that service all the same', () => {
  expect(verdict(sub('logs.${AWS::Region}.amazonaws.com'))).toBe('finding');
  expect(verdict(sub('logs.${P}.amazonaws.com'))).toBe('finding');
  expect(verdict(sub('logs.${AWS::Region}.amazonaws.com'), sub('arn:aws:logs:${AWS::Region}:111122223333:*'))).toBe('clean');
  expect(verdict(sub('logs.${P}.amazonaws.com'), sub('arn:aws:logs:${P}:111122223333:*'))).toBe('clean');
});

test('a source of any account is one of any account, whatever else of it is not known', () => {
  expect(verdict('logs.amazonaws.com', sub('arn:aws:logs:${AWS::Region}:*:*'))).toBe('finding');
  expect(verdict('logs.amazonaws.com', sub('arn:aws:logs:${P}:*:*'))).toBe('not decided');
  expect(verdict('logs.amazonaws.com', sub('arn:aws:${P}:eu-west-1:*:*'))).toBe('not decided');
  expect(verdict('logs.amazonaws.com', sub('arn:aws:logs:${P}:111122223333:*'))).toBe('clean');
});
