import { IPropertyInjector, PropertyInjectors } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { Refusal } from '../refusal';

const HARDENED = Symbol('cdk-secure-bucket.hardened');

/** Marks props as those of a bucket that hardens itself: `SecureBucketDefaults` leaves them alone. */
export function hardened(): s3.BucketProps {
  return { [HARDENED]: true } as s3.BucketProps;
}

export function isHardened(props: s3.BucketProps): boolean {
  return HARDENED in props;
}

const LEAVING = new WeakSet<IPropertyInjector>();

/** Remembers a property injector that leaves the props of such a bucket alone. */
export function leavesHardened(injector: IPropertyInjector): void {
  LEAVING.add(injector);
}

/** Whether a property injector is one of those: `SecureBucketDefaults`. */
export function leavesHardenedAlone(injector: IPropertyInjector): boolean {
  return LEAVING.has(injector);
}

/**
 * The property injector for `s3.Bucket` that the CDK applies to a bucket of this package as well; undefined if there is none, or one that leaves it alone.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/blueprints.html
 */
export function foreignInjector(scope: IConstruct): IPropertyInjector | undefined {
  const [injector] = [...scope.node.scopes].reverse().filter(PropertyInjectors.hasPropertyInjectors)
    .flatMap((at) => PropertyInjectors.of(at).for(s3.Bucket.PROPERTY_INJECTION_ID) ?? []);
  return injector && leavesHardenedAlone(injector) ? undefined : injector;
}

/** What is said where an injector changes a bucket of this package into one that it cannot be. */
export function injectedProps(injector: IPropertyInjector, consequence: string): Refusal {
  return {
    problem: `the property injector '${injector.constructor.name}' for s3.Bucket changes props that this bucket sets by itself: ${consequence}`,
    remedy: "Have it put its defaults before the props that it is given: 'return { ...defaults, ...originalProps }'.",
  };
}
