import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { IConstruct } from 'constructs';

/** Whether a construct stands for a bucket that it does not make. The bucket of the CDK's own assets is nobody's to guard. */
export function isImportedBucket(construct: IConstruct): construct is s3.BucketBase {
  const isHandle = construct instanceof s3.BucketBase && !(construct instanceof s3.Bucket);
  return isHandle && !s3.CfnBucket.isCfnBucket(construct.node.defaultChild) && !(construct.node.scope instanceof Asset);
}

/** The resource of an L2 bucket: below it, or beside it in the tree where `Bucket.fromCfnBucket` has returned it. */
export function resourceBehind(construct: IConstruct): s3.CfnBucket | undefined {
  const { defaultChild } = construct.node;
  const isOfConstruct = construct instanceof s3.Bucket || (construct instanceof s3.BucketBase && construct.node.scope === defaultChild);
  return isOfConstruct && s3.CfnBucket.isCfnBucket(defaultChild) ? defaultChild : undefined;
}

/** An L2 for a resource that was made without one. */
export function bucketOfResource(resource: s3.CfnBucket): s3.BucketBase {
  const { bucketEncryption } = resource;
  try {
    return s3.Bucket.fromCfnBucket(resource) as s3.BucketBase;
  } catch {
    resource.bucketEncryption = undefined; // the CDK cannot read a key id that is put together of several parts
    const bucket = s3.Bucket.fromCfnBucket(resource) as s3.BucketBase;
    resource.bucketEncryption = bucketEncryption;
    return bucket;
  }
}

/** Denies for everybody as people can add them to a policy by hand, in lines of their own. What is known at deployment only is written as `Fn::Sub` writes it. */
export function statementsByHand(site: IConstruct, statements: iam.PolicyStatementProps[]): string {
  return byHand(site, statements.map((props) => new iam.PolicyStatement({ ...props, effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()] })));
}

/** Any statements, in the same way. */
export function byHand(site: IConstruct, statements: iam.PolicyStatement[]): string {
  const stack = Stack.of(site);
  const json = JSON.stringify(inOneText(stack.resolve(statements.map((statement) => statement.toStatementJson())), partitionOf(stack)), undefined, 2);
  return json.split('\n').map((line) => `\n  ${line}`).join('');
}

function partitionOf({ region }: Stack): string | undefined {
  return Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
}

/** Replaces joined texts and references by one text. */
function inOneText(value: unknown, partition?: string): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => inOneText(element, partition));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { Ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = value as { 'Ref'?: string; 'Fn::Join'?: [string, unknown[]]; 'Fn::GetAtt'?: string[] };
  if (Ref !== undefined) {
    return Ref === 'AWS::Partition' && partition !== undefined ? partition : `\${${Ref}}`;
  }
  if (Array.isArray(attribute)) {
    return `\${${attribute.join('.')}}`;
  }
  if (join !== undefined && Array.isArray(join[1])) {
    return join[1].map((part) => inOneText(part, partition)).join(join[0]);
  }
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, inOneText(child, partition)]));
}
