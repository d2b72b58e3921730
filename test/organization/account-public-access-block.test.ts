import { createServer, request, Server } from 'http';
import { AddressInfo } from 'net';
import { runInNewContext } from 'vm';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPublicAccessBlock } from '../../src';
import { testStack } from '../support/apps';

const ON = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

let template: Template;
beforeAll(() => {
  const stack = testStack();
  new AccountPublicAccessBlock(stack, 'Block');
  template = Template.fromStack(stack);
});

/** The one resource of a type in a stack with the construct. */
function resourceOf(type: string): any {
  const [resource, ...others] = Object.values(template.findResources(type));
  expect(others).toEqual([]);
  return resource;
}

/** What S3 Control answers, one answer a call: settings, or an error. */
type Answer = object | { readonly error: string; readonly status: number };

/** A server that takes the answer for CloudFormation. */
let server: Server;
let answered: any[] = [];
beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (part) => (body += part)).on('end', () => {
      answered.push({ method: incoming.method, type: incoming.headers['content-type'], ...JSON.parse(body) });
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

/** Runs the function as it is in the template, with what S3 answers, and returns its calls and what it told CloudFormation. */
async function run(RequestType: string, answers: Answer[]): Promise<{ calls: string[]; response: any; written?: any }> {
  const { Code: { ZipFile: code } } = resourceOf('AWS::Lambda::Function').Properties;
  const calls: string[] = [];
  let written: any;
  class Command { public constructor(public readonly input: any) {} }
  class GetPublicAccessBlockCommand extends Command {}
  class PutPublicAccessBlockCommand extends Command {}
  class S3ControlClient {
    public async send(command: Command): Promise<unknown> {
      expect(command.input.AccountId).toBe('111122223333');
      calls.push(command instanceof PutPublicAccessBlockCommand ? 'put' : 'get');
      written = command.input.PublicAccessBlockConfiguration ?? written;
      const answer: any = answers.shift();
      if (answer.error) {
        throw Object.assign(new Error(`${answer.error} said so`), { name: answer.error, $metadata: { httpStatusCode: answer.status } });
      }
      return { PublicAccessBlockConfiguration: answer };
    }
  }
  const modules: Record<string, unknown> = { 'https': { request }, '@aws-sdk/client-s3-control': { S3ControlClient, GetPublicAccessBlockCommand, PutPublicAccessBlockCommand } };
  const exported: any = {};
  runInNewContext(code, { require: (name: string) => modules[name], exports: exported, Buffer, Promise, Object, Error });
  answered = [];
  const ResponseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`;
  await exported.handler({ RequestType, ResponseURL, StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Block', ResourceProperties: { AccountId: '111122223333' } });
  expect(answers).toEqual([]);
  expect(answered).toHaveLength(1);
  expect(answered[0]).toMatchObject({ method: 'PUT', type: '', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Block', PhysicalResourceId: 'AccountPublicAccessBlock' });
  return { calls, response: answered[0], written };
}

const NOTHING = { error: 'NoSuchPublicAccessBlockConfiguration', status: 404 };
const DENIED = { error: 'AccessDenied', status: 403 };

test.each<[string, string, Answer[], string[], string]>([
  ['never set', 'Create', [NOTHING, {}], ['get', 'put'], 'SUCCESS'],
  ['one setting off', 'Create', [{ ...ON, IgnorePublicAcls: false }, {}], ['get', 'put'], 'SUCCESS'],
  ['all on', 'Create', [ON], ['get'], 'SUCCESS'],
  ['turned off by others since', 'Update', [{ ...ON, BlockPublicPolicy: false }, {}], ['get', 'put'], 'SUCCESS'],
  ['deleted, or rolled back', 'Delete', [], [], 'SUCCESS'],
  ['refused while the organization turns it on', 'Create', [NOTHING, DENIED, ON], ['get', 'put', 'get'], 'SUCCESS'],
  ['refused, and off', 'Create', [NOTHING, DENIED, NOTHING], ['get', 'put', 'get'], 'FAILED'],
  ['refused, and partly off', 'Create', [NOTHING, DENIED, { ...ON, BlockPublicAcls: false }], ['get', 'put', 'get'], 'FAILED'],
  ['not readable', 'Create', [DENIED], ['get'], 'FAILED'],
  ['throttled longer than the SDK retries', 'Create', [NOTHING, { error: 'SlowDown', status: 503 }], ['get', 'put'], 'FAILED'],
])('an account: %s', async (_, requestType, answers, calls, status) => {
  const { calls: made, response, written } = await run(requestType, [...answers]);
  expect(made).toEqual(calls);
  expect(response.Status).toBe(status);
  expect(written).toEqual(calls.includes('put') ? ON : undefined);
});

test('a refusal names both causes, and other errors are told as they are', async () => {
  const { response } = await run('Create', [NOTHING, DENIED, NOTHING]);
  expect(response.Reason).toMatch(/AccessDenied said so\. Either an S3 policy of the organization.* or a service control policy denies s3:PutAccountPublicAccessBlock/);
  expect((await run('Create', [DENIED])).response.Reason).toBe('AccessDenied: AccessDenied said so');
});

test('the role can read and write the settings, and nothing else, under a path that is the same everywhere', () => {
  const { Path: path, Policies: policies, ManagedPolicyArns: managed } = resourceOf('AWS::IAM::Role').Properties;
  expect(path).toBe('/cdk-secure-bucket/account-public-access-block/');
  expect(policies.map(({ PolicyDocument: document }: any) => document.Statement)).toEqual([
    [{ Effect: 'Allow', Action: ['s3:GetAccountPublicAccessBlock', 's3:PutAccountPublicAccessBlock'], Resource: '*' }],
  ]);
  expect(managed).toBeUndefined();
  expect(resourceOf('AWS::Lambda::Function').Properties.Code.ZipFile.length).toBeLessThanOrEqual(4_096);
});

test('one an account', () => {
  const app = new App({ analyticsReporting: false });
  const stackIn = (id: string, account: string, region: string) => new Stack(app, id, { env: { account, region } });
  new AccountPublicAccessBlock(stackIn('A', '111122223333', 'eu-west-1'), 'Block');
  new AccountPublicAccessBlock(stackIn('B', '444455556666', 'eu-west-1'), 'Block');
  const second = stackIn('C', '111122223333', 'us-east-1');
  expect(() => new AccountPublicAccessBlock(second, 'Block')).toThrow("'C/Block': 'A/Block' turns on Block Public Access of the same account. Keep one of them.");
  expect(second.node.children).toEqual([]);
});
