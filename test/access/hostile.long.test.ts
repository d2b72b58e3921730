import { caseFiles, worldOf } from './scene';
import { AccessDecision } from '../../src/access/access-decision';
import { AccessEvaluator } from '../../src/access/access-evaluator';
import { AccessRequest } from '../../src/access/access-request';
import { AccessTemplate } from '../../src/access/access-template';
import { AccessAssumptions } from '../../src/access/assumptions';
import { WrongInputError } from '../../src/template/wrong-input';
import * as fc from '../support/fast-check';

const OWN = { account: '111122223333', region: 'eu-west-1' };
const REQUEST: AccessRequest = { principal: 'arn:aws:iam::111122223333:role/AppRole', action: 's3:GetObject', resource: 'arn:aws:s3:::amzn-s3-demo-bucket/data/1.csv' };
const CASES = caseFiles().flatMap(({ scene, cases }) => cases.map((one) => ({ ...one, world: worldOf({ ...scene, ...one.scene }) })));

/** The decision; undefined if the input is refused with one clear line. */
function decide(templates: AccessTemplate[], request: AccessRequest = REQUEST, assumptions: object = {}): AccessDecision | undefined {
  try {
    const decision = AccessEvaluator.fromTemplates(templates, AccessAssumptions.fromJson(assumptions)).decide(request);
    expect(['allowed', 'denied', 'not-decided']).toContain(decision.outcome);
    expect(decision.decidedBy === undefined).toBe(decision.outcome === 'allowed');
    expect(JSON.parse(JSON.stringify(decision)).outcome).toBe(decision.outcome);
    expect(String(decision)).toContain(request.action);
    return decision;
  } catch (error) {
    expect(error).toBeInstanceOf(WrongInputError);
    expect((error as Error).message).not.toMatch(/\n/);
    return undefined;
  }
}

function template(resources: unknown, others: object = {}): AccessTemplate[] {
  return [{ stackName: 'Stack', template: { Resources: resources, ...others }, ...OWN }];
}

/** The places of all values in the properties of resources. */
function places(value: unknown, path: readonly string[] = []): string[][] {
  const below = typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, child]) => places(child, [...path, key])) : [];
  return path.includes('Properties') && path.at(-1) !== 'Properties' ? [[...path], ...below] : below;
}

function replaced(value: any, [key, ...rest]: readonly string[], by: unknown): any {
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[key] = rest.length === 0 ? by : replaced(value[key], rest, by);
  return copy;
}

/** A case, one of its templates, and a value in it. */
const PLACES = CASES.flatMap((one) => one.world.templates.flatMap(({ template: json }, i) => places(json).map((path) => ({ one, i, path }))));

function mutated({ one, i, path }: (typeof PLACES)[number], by: unknown): AccessTemplate[] {
  return one.world.templates.map((each, j) => (i === j ? { ...each, template: replaced(each.template, path, by) } : each));
}

test('a value that is not known leaves a decision open, wherever it stands, and never turns it round', () => {
  const turned = PLACES.filter((place) => {
    const outcome = decide(mutated(place, { Ref: 'UnknownParameter' }), place.one.request, place.one.world.assumptions)?.outcome;
    return ![place.one.outcome, 'not-decided', undefined].includes(outcome);
  });
  expect(PLACES.length).toBeGreaterThan(5_000);
  expect(turned.map(({ one, path }) => `${one.name}: ${path.join('.')}`)).toEqual([]);
});

test('a template with any other value anywhere is decided or refused', () => {
  const junk = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(null, [], {}, '', 0, { Ref: 'Bucket' }, { 'Fn::GetAtt': ['Bucket'] }, { 'Fn::If': ['No', 1, 2] }, JSON.parse('{"__proto__":{"Effect":"Allow"}}'), { constructor: 'x' }));
  fc.assert(fc.property(fc.constantFrom(...PLACES), junk, (place, by) => {
    decide(mutated(place, by), place.one.request, place.one.world.assumptions);
  }), { numRuns: 3_000 });
});

test('any JSON for a template is decided or refused', () => {
  const name = fc.constantFrom('Resources', 'Outputs', 'Conditions', 'Mappings', 'Parameters', '__proto__', 'constructor', 'toString');
  fc.assert(fc.property(fc.dictionary(name, fc.jsonValue()), (json) => {
    decide([{ stackName: 'Stack', template: json, ...OWN }]);
  }), { numRuns: 1_000 });
  fc.assert(fc.property(fc.jsonValue(), (json) => {
    decide([{ stackName: 'Stack', template: json, ...OWN }]);
  }), { numRuns: 500 });
});

test('any request is decided or refused', () => {
  const { world: { templates, assumptions } } = CASES[0];
  const text = fc.oneof(fc.string(), fc.constantFrom('*', 'anonymous', 's3:GetObject', REQUEST.principal, REQUEST.resource, 'arn:aws:s3:::', '__proto__', 'arn:aws:iam::111122223333:root'));
  fc.assert(fc.property(text, text, text, fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('aws:SourceVpce', 'aws:SecureTransport', '__proto__:x')), fc.jsonValue()), (principal, action, resource, context) => {
    decide(templates, { principal, action, resource, context }, assumptions);
  }), { numRuns: 2_000 });
});

test('any JSON for assumptions is taken or refused with the place', () => {
  const name = fc.constantFrom('accounts', 'principals', 'buckets', 'keys', 'endpoints', 'accessPoints', 'parameters', 'environment', 'physicalIds', 'managedPolicies', '__proto__');
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(name, fc.jsonValue())), (json) => {
    try {
      AccessAssumptions.fromJson(json);
    } catch (error) {
      expect(error).toBeInstanceOf(WrongInputError);
      expect((error as Error).message).toMatch(/^assumptions: /);
    }
  }), { numRuns: 2_000 });
});

test('references in a circle are not known', () => {
  const decision = decide(template({
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket', Tags: { 'Fn::GetAtt': ['Bucket', 'Arn'] } } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: { 'Fn::ImportValue': 'Loop' } }] } } },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'AppRole', Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } }] } },
  }, { Outputs: { Loop: { Value: { 'Fn::ImportValue': 'Loop' }, Export: { Name: 'Loop' } } }, Conditions: { Loop: { Condition: 'Loop' } } }));
  expect(decision?.outcome).toBe('not-decided');
  expect(decision?.decidedBy?.layer).toBe('bucket-policy');
});

test('conditions in a circle leave open whether a policy is there', () => {
  const decision = decide(template({
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Condition: 'One', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }] } } },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'AppRole', Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } }] } },
  }, { Conditions: { One: { 'Fn::Not': [{ Condition: 'Other' }] }, Other: { 'Fn::Or': [{ Condition: 'One' }, { Condition: 'One' }] } } }));
  expect(decision?.outcome).toBe('not-decided');
});

test('texts that double with each step are cut off', () => {
  const outputs = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`O${i}`, { Value: i === 0 ? 'x' : { 'Fn::Join': ['', [{ 'Fn::ImportValue': `E${i - 1}` }, { 'Fn::ImportValue': `E${i - 1}` }]] }, Export: { Name: `E${i}` } }]));
  expect(decide(template({
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: { 'Fn::ImportValue': 'E59' } }] } } },
  }, { Outputs: outputs }))?.outcome).toBeDefined();
});

test('what is nested too deeply is refused', () => {
  const deep = JSON.parse(`${'{"a":['.repeat(20_000)}${']}'.repeat(20_000)}`);
  expect(() => AccessEvaluator.fromTemplates([{ stackName: 'Stack', template: { Resources: deep }, ...OWN }])).toThrow(/nested more than 500 deep/);
  expect(() => AccessAssumptions.fromJson({ accounts: deep })).toThrow(/nested more than 500 deep/);
});

test('ten megabytes are decided', () => {
  const roles = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`Role${i}`, {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: i === 7 ? 'AppRole' : `Role${i}`, Description: 'x'.repeat(4_500), Policies: [{ PolicyName: 'P', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } }] },
  }]));
  const json = { ...roles, Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } } };
  expect(JSON.stringify(json).length).toBeGreaterThan(9_000_000);
  expect(decide(template(json))?.outcome).toBe('allowed');
});

test('keys that every object has are no resources, accounts or buckets', () => {
  const polluted = JSON.parse('{"Resources":{"__proto__":{"Type":"AWS::S3::Bucket"},"constructor":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"amzn-s3-demo-bucket","__proto__":{"AccessControl":"PublicRead"}}}}}');
  expect(decide([{ stackName: '__proto__', template: polluted, ...OWN }])?.outcome).toBe('not-decided');
  expect(({} as any).Type).toBeUndefined();
});
