import { isSender } from './log-receivers';
import { namesIn, ReadResource } from './named-references';
import { NamesInPolicies } from './names-in-policies';
import { roleValuesIn } from './outside-roles';
import { isServiceLinkedWriter } from '../../aws/service-linked-writers';
import { hasNoAccessOfItsOwn } from '../../aws/types-without-access';
import { jsonText } from '../../policy/json';
import { literalPattern } from '../../policy/literal-pattern';

/** A resource that names a bucket, and says of nobody as whom it works with it. */
export interface UnknownUser {
  readonly path: string;
  readonly type: string;
}

const CUSTOM = /^(?:Custom::|AWS::CloudFormation::CustomResource$)/;

/**
 * The resources of an app that name buckets, and of which the app does not tell as whom they work with them: a service may do so as a role that is named elsewhere,
 * or as a service-linked role. Whether they could go on with a key that is new, nobody can say.
 */
export class UnknownUsers {
  private readonly resources: readonly (UnknownUser & { readonly text: string })[];

  constructor(resources: readonly ReadResource[]) {
    this.resources = resources.filter(isUnknown).map(({ resource, type, properties }) => ({ path: resource.node.path, type, text: jsonText(properties) }));
  }

  /** The first that names a bucket. */
  public of(bucket: NamesInPolicies): UnknownUser | undefined {
    const pattern = new RegExp(bucket.all.map((name) => (name === bucket.reference ? literalPattern(name) : namedInFull(name))).join('|'), 'u');
    return this.resources.find(({ text }) => pattern.test(text));
  }
}

function isUnknown({ type, properties }: ReadResource): boolean {
  if (CUSTOM.test(type)) {
    return namesIn(jsonText(properties.ServiceToken)).length === 0; // those of the app have a role of the app
  }
  return !hasNoAccessOfItsOwn(type) && !isSender(type) && !isServiceLinkedWriter(type) && roleValuesIn(properties).length === 0;
}

/** A name by itself, in a URI or an ARN, or in a domain name. */
function namedInFull(name: string): string {
  const literal = literalPattern(name);
  return `"${literal}"|(?:s3[an]?://|:::)${literal}(?![\\w.-])|(?<![\\w.-])${literal}\\.s3[.-]`;
}
