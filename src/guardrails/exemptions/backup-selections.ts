import * as s3 from 'aws-cdk-lib/aws-s3';
import { knownName } from './named-buckets';
import { Referring } from './references';
import { textPattern } from '../../policy/pattern';

/**
 * Whether a selection of AWS Backup takes in a bucket that it does not name: by a pattern for ARNs, by tags, or because it selects everything.
 *
 * Conditions and exceptions of a selection are passed over: they make it smaller.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-backup-backupselection-backupselectionresourcetype.html
 */
export function takesIn({ value }: Referring, bucket: s3.CfnBucket): boolean {
  const selection = property(value, 'backupSelection');
  const tags = property(selection, 'listOfTags');
  const resources = property(selection, 'resources');
  return (tags === undefined && resources === undefined)
    || listOf(resources).some((resource) => matches(textOf(resource), bucket))
    || listOf(tags).some((tag) => isTagOf(bucket, property(tag, 'conditionKey'), property(tag, 'conditionValue')));
}

/** Whether a pattern is one for a bucket's ARN. A name that is drawn at deployment may be like any. */
function matches(pattern: string, bucket: s3.CfnBucket): boolean {
  const [, names] = /^arn:[^:]*:s3:::([^?]*\*[^?]*)$/.exec(pattern) ?? [];
  const name = knownName(bucket);
  return pattern === '*' || (names !== undefined && (name === undefined || textPattern(names).matches(name) === true));
}

function isTagOf(bucket: s3.CfnBucket, key: unknown, value: unknown): boolean {
  return typeof key === 'string' && bucket.tags.tagValues()[key] === value;
}

/** A text, with `*` for each part of it that is known at deployment only. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)?.includes('Fn::Join') ? joined(value) : '';
}

function joined(value: any): string {
  const parts = value?.['Fn::Join']?.[1];
  return Array.isArray(parts) ? parts.map((part) => (typeof part === 'string' ? part : '*')).join('') : '';
}

/** A property of a resource, as the CDK or as a template writes it. */
function property(value: any, name: string): any {
  return value?.[name] ?? value?.[`${name[0].toUpperCase()}${name.slice(1)}`];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
