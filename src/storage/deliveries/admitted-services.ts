import { Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { deliveryWithDefaultKey, ServiceDelivery } from '../../aws/services';
import { textPattern } from '../../policy/pattern';
import { DeliveryPlace } from '../../statements/delivery-statements';

/** A service that a bucket's policy lets write. */
export interface AdmittedService extends DeliveryPlace {
  readonly row: ServiceDelivery;
}

/**
 * The services that a statement of a bucket's policy lets write, and that do so with the default encryption of the bucket. They deliver for the
 * sources that the statement names: their accounts, or the organization. If it names neither, for the account of the bucket.
 */
export function admittedServices({ effect, actions, principals, conditions }: iam.PolicyStatement, stack: Stack): AdmittedService[] {
  const writes = effect === iam.Effect.ALLOW && actions.some((action) => textPattern(action.toLowerCase()).matches('s3:putobject') === true);
  const services = writes ? principals.flatMap((principal) => serviceNames(principal, stack)) : [];
  const sourceArns = valuesOf(conditions, 'aws:sourcearn');
  const named = valuesOf(conditions, 'aws:sourceaccount');
  const accounts = named.length > 0 ? named : accountsOfSources(sourceArns, stack);
  const organization = accounts === undefined ? ofOrganizations(conditions) : undefined;
  const sourceAccounts = accounts ?? (organization === undefined ? [stack.account] : []);
  return services.flatMap((service) => {
    const row = deliveryWithDefaultKey(service);
    return row ? [{ row, services: [service], sourceAccounts, sourceArns, organization }] : [];
  });
}

/** The accounts of sources, where all of them tell theirs: by their ARNs, or as buckets of the app. */
function accountsOfSources(sourceArns: readonly string[], stack: Stack): string[] | undefined {
  const accounts = sourceArns.map((arn) => accountOfBucket(arn, stack) ?? accountInArn(arn));
  return accounts.length > 0 && accounts.every((account) => account !== undefined) ? [...new Set(accounts)] : undefined;
}

function accountOfBucket(arn: string, stack: Stack): string | undefined {
  const reference = Token.isUnresolved(arn) ? Tokenization.reverse(arn, { failConcat: false }) : undefined;
  const bucket = Reference.isReference(reference) ? reference.target : undefined;
  const account = bucket && (s3.CfnBucket.isCfnBucket(bucket) || bucket instanceof s3.Bucket) ? Stack.of(bucket).account : undefined;
  return account !== undefined && Token.isUnresolved(account) ? stack.account : account; // stacks without an account are deployed to one
}

function accountInArn(arn: string): string | undefined {
  const [, , , , account = ''] = arn.split(':');
  return account === '' || /[*?]|\$\{(?!Token)/.test(account) ? undefined : account;
}

/** What a statement asks of the organization of a source. */
function ofOrganizations(conditions: Record<string, any>): Record<string, Record<string, unknown>> | undefined {
  const positive = Object.entries(conditions).filter(([operator, tests]) => /^(?:ForAnyValue:)?String(?:Equals|Like)$/.test(operator) && !Token.isUnresolved(tests));
  const kept = positive.map(([operator, tests]) => [operator, Object.fromEntries(Object.entries(tests).filter(([key]) => ORGANIZATION.test(key)))] as const);
  const found = kept.filter(([, tests]) => Object.keys(tests).length > 0);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

const ORGANIZATION = /^aws:sourceorg(?:id|paths)$/i;

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
