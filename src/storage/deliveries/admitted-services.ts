import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { deliveryWithDefaultKey, ServiceDelivery } from '../../aws/services';
import { textPattern } from '../../policy/pattern';
import { DeliveryPlace } from '../../statements/delivery-statements';

/** A service that a bucket's policy lets write. */
export interface AdmittedService extends DeliveryPlace {
  readonly row: ServiceDelivery;
}

/**
 * The services that a statement of a bucket's policy lets write, and that do so with the default encryption of the bucket. They deliver for the
 * sources that the statement names; if it names no account, for that of the bucket.
 */
export function admittedServices({ effect, actions, principals, conditions }: iam.PolicyStatement, stack: Stack): AdmittedService[] {
  const writes = effect === iam.Effect.ALLOW && actions.some((action) => textPattern(action.toLowerCase()).matches('s3:putobject') === true);
  const services = writes ? principals.flatMap((principal) => serviceNames(principal, stack)) : [];
  const accounts = valuesOf(conditions, 'aws:sourceaccount');
  return services.flatMap((service) => {
    const row = deliveryWithDefaultKey(service);
    return row ? [{ row, services: [service], sourceAccounts: accounts.length > 0 ? accounts : [stack.account], sourceArns: valuesOf(conditions, 'aws:sourcearn') }] : [];
  });
}

/** Whether a value refers to a resource of a template. The account, the partition and the Region of a stack are no resources. */
export function refersToResource(value: string, stack: Stack): boolean {
  return Token.isUnresolved(value) && /"Fn::GetAtt"|"Ref":"(?!AWS::)/.test(JSON.stringify(stack.resolve(value)));
}

function serviceNames(principal: iam.IPrincipal, stack: Stack): string[] {
  return [principal.policyFragment.principalJson.Service ?? []].flat().map((service) => stack.resolve(service)).filter((service) => typeof service === 'string');
}

/** What tests that are met by a value name for a key; nothing where they are written by a token. */
function valuesOf(conditions: Record<string, any>, key: string): string[] {
  const positive = Object.entries(conditions).filter(([operator, tests]) => /^(?:String|Arn)(?:Equals|Like)$/.test(operator) && !Token.isUnresolved(tests));
  return positive.flatMap(([, tests]) => Object.entries(tests).filter(([name]) => name.toLowerCase() === key).flatMap(([, values]) => [values].flat())).filter((value): value is string => typeof value === 'string');
}
