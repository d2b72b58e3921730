import { Aspects, IAspect, IPropertyInjector, PropertyInjectors, Stack, Stage } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { adapt } from './cdk-methods';
import { injectionOf } from './injected-bucket';
import { warn, writeWarnings } from '../../warning';
import { leavesHardenedAlone } from '../hardened';
import { PrivateBucket } from '../private-bucket';

const FOR_BUCKETS = s3.Bucket.PROPERTY_INJECTION_ID;

/** The injector of which `SecureBucketDefaults` has taken the place, by the construct on which both were added. */
const REPLACED = new WeakMap<IConstruct, IPropertyInjector>();
const WATCHED = new WeakSet<IConstruct>();

/**
 * Remembers, once a process, which injector for `s3.Bucket` the defaults take the place of: the CDK keeps one for a class and construct, and forgets the one before.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/blueprints.html
 */
export function rememberReplacedInjectors(): void {
  adapt(PropertyInjectors.prototype, 'add', (original) => function (this: PropertyInjectors, ...added: IPropertyInjector[]) {
    for (const injector of added) {
      const before = this.for(FOR_BUCKETS);
      if (leavesHardenedAlone(injector)) {
        remember(this.scope, before);
        watch(this.scope);
      }
      original.call(this, injector);
    }
  });
}

/** The injector that the CDK would ask for a bucket if there were no `SecureBucketDefaults`; undefined if there is none. */
export function injectorBefore(scope: IConstruct): IPropertyInjector | undefined {
  const [injector] = [...scope.node.scopes].reverse().flatMap((at) => [injectorAt(at), REPLACED.get(at)]).filter((each) => each !== undefined && !leavesHardenedAlone(each));
  return injector;
}

function remember(scope: IConstruct, before: IPropertyInjector | undefined): void {
  if (before !== undefined && !leavesHardenedAlone(before)) {
    REPLACED.set(scope, before);
  }
}

function watch(scope: IConstruct): void {
  if (!WATCHED.has(scope)) {
    WATCHED.add(scope);
    Aspects.of(scope).add(new WarnOfOtherInjectors(scope));
  }
}

function injectorAt(scope: IConstruct): IPropertyInjector | undefined {
  return PropertyInjectors.hasPropertyInjectors(scope) ? PropertyInjectors.of(scope).for(FOR_BUCKETS) : undefined;
}

/** Warns where another injector keeps the defaults from the buckets below the construct on which they were added, once for each construct that has such an injector. */
class WarnOfOtherInjectors implements IAspect {
  constructor(private readonly scope: IConstruct) {}

  public visit(node: IConstruct): void {
    if (node === this.scope) {
      [...this.withoutDefaults()].forEach(([place, buckets]) => warnOf(place, buckets));
    }
  }

  /** The buckets for which the CDK has asked another injector, by the construct on which that was added. */
  private withoutDefaults(): Map<IConstruct, s3.Bucket[]> {
    const found = new Map<IConstruct, s3.Bucket[]>();
    for (const bucket of this.scope.node.findAll().filter(isBucketOfOthers)) {
      const place = [...bucket.node.scope!.node.scopes].reverse().find((at) => injectorAt(at) !== undefined);
      if (place !== undefined && !leavesHardenedAlone(injectorAt(place)!)) {
        found.set(place, [...(found.get(place) ?? []), bucket]);
      }
    }
    return found;
  }
}

function isBucketOfOthers(construct: IConstruct): construct is s3.Bucket {
  return construct instanceof s3.Bucket && !(construct instanceof PrivateBucket) && injectionOf(construct) === undefined;
}

/** A stage below is synthesized before the construct around it is visited: once more, so that the warning is written. */
function warnOf(place: IConstruct, buckets: readonly s3.Bucket[]): void {
  const [first] = buckets;
  const paths = buckets.map(({ node: { path } }) => `'${path}'`).join(', ');
  const name = injectorAt(place)!.constructor.name;
  const where = place.node.path === '' ? 'the app' : `'${place.node.path}'`;
  warn(Stack.of(first), 'defaultsNotAsked', `SecureBucketDefaults does not harden ${paths}: for s3.Bucket, the CDK asks the property injector '${name}' of ${where} alone, which was added later, or further down. `
    + `Add SecureBucketDefaults to ${where} after '${name}' and before the buckets are made: it asks '${name}' first, and hardens what that returns.`);
  const stage = Stage.of(first);
  if (stage?.parentStage !== undefined && stage !== Stage.of(place.node.root)) {
    writeWarnings(stage);
  }
}
