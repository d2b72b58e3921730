import { ResourceText, Statement } from '../policy/document';
import { resourcePattern } from '../policy/pattern';
import { isUnknown } from '../policy/unknown-text';
import { policyText } from '../policy/variables';
import { ResourceFacts } from '../proof/prove';

/**
 * A statement about a bucket as it concerns who comes through an access point: about the same objects, by their names there. Where it is not
 * clear which objects it is about, it is about all.
 */
export function throughAccessPoint(statement: Statement, bucket: ResourceFacts, accessPoint: ResourceFacts): Statement {
  const members = statement.resource?.members.filter(({ text }) => mayBeOf(text.source, bucket)) ?? [];
  const renamed = members.flatMap((member) => inAccessPoint(member, bucket, accessPoint) ?? []);
  return { ...statement, resource: statement.resource && renamed.length === members.length ? { ...statement.resource, members: renamed } : undefined };
}

/** Whether a resource may be the bucket or of it, by what stands before the first wildcard or variable. */
function mayBeOf(source: string, { objects }: ResourceFacts): boolean {
  const [literal] = /^[^*?$]*/.exec(source)!;
  return isUnknown(source) || literal.startsWith(objects) || objects.startsWith(literal);
}

function inAccessPoint({ text: { source, variables } }: ResourceText, bucket: ResourceFacts, accessPoint: ResourceFacts): ResourceText | undefined {
  const own = source === '*' ? source
    : source === bucket.arn ? accessPoint.arn
      : source === `${bucket.arn}*` ? `${accessPoint.arn}*`
        : source.startsWith(bucket.objects) ? accessPoint.objects + source.slice(bucket.objects.length) : undefined;
  return own === undefined ? undefined : { text: policyText(own, variables.length > 0), pattern: variables.length > 0 ? undefined : resourcePattern(own) };
}
