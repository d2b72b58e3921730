import { CfnResource, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { deployedResource, displaced, REMOVE_CHANGE } from '../guardrails/deployed-resource';
import { possibleStatements } from '../guardrails/deployed-statements';
import { hasTransform, isIntrinsic, isRecord, variants } from '../guardrails/template-values';
import { resourcePattern } from '../policy/pattern';
import { StatementJson } from '../policy/public-allow';
import { Refusal, sentenceOf } from '../refusal';

const NAMES = 'Name the buckets in its resources, or hold aws:ResourceAccount or aws:ResourceOrgID to fixed values by StringEquals.';

/** Sees to it that an endpoint leads nowhere but to what is named, whatever is added to its policy. */
export function guardEndpoint(endpoint: IConstruct): void {
  const resource = endpoint.node.defaultChild as CfnResource;
  endpoint.node.addValidation({ validate: () => problemsOf(resource).map((problem) => sentenceOf(endpoint.node.path, problem)) });
}

function problemsOf(endpoint: CfnResource): Refusal[] {
  const deployed = deployedResource(endpoint);
  const problem = displaced(endpoint, ec2.CfnVPCEndpoint.CFN_RESOURCE_TYPE_NAME, deployed);
  const { PolicyDocument: document } = deployed.Properties;
  if (problem) {
    return [problem];
  }
  if (document === undefined || (isRecord(document) && variants({ document })?.some((form: any) => form.document === undefined))) {
    return [{ problem: 'it has no policy, or not always one, in the synthesized template, and leads everywhere without one.', remedy: REMOVE_CHANGE }];
  }
  if (hasTransform(document)) {
    return [{ problem: "'Fn::Transform' stands in its policy, and what CloudFormation makes of it cannot be seen.", remedy: 'Remove it, or write what it stands for.' }];
  }
  const statements = possibleStatements(document, Stack.of(endpoint));
  if (statements === undefined) {
    return [{ problem: 'its policy cannot be seen at synthesis.', remedy: REMOVE_CHANGE }];
  }
  const opening = statements.filter(opensEndpoint).map(({ Sid }) => Sid ?? '(without a Sid)');
  return [...new Set(opening)].map((sid) => ({ problem: `the statement '${sid}' opens the endpoint to buckets that nobody has named.`, remedy: NAMES }));
}

// A bucket of somebody else, and an object in it.
const STRANGERS = ['arn:aws:s3:::a-bucket-that-nobody-has-named', 'arn:aws:s3:::a-bucket-that-nobody-has-named/any/object'];

/** Whether a statement allows something with buckets that it neither names nor holds to accounts or organizations. */
export function opensEndpoint({ Effect, Resource, NotResource, Condition }: StatementJson): boolean {
  const patterns = [Resource ?? NotResource ?? []].flat().flatMap((value) => (isIntrinsic(value) ? [] : [resourcePattern(String(value))])); // what is known at deployment is named by somebody
  const isListed = STRANGERS.some((arn) => patterns.some(({ matches }) => matches(arn) !== false));
  return Effect === 'Allow' && (NotResource === undefined ? isListed : true) && !holdsResources(Condition);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resource-properties */
const RESOURCE_KEYS = ['aws:resourceaccount', 'aws:resourceorgid', 'aws:resourceorgpaths', 's3:resourceaccount', 's3:dataaccesspointaccount', 's3:dataaccesspointarn'];
const HOLDING = /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/i;

function holdsResources(condition: StatementJson['Condition'] = {}): boolean {
  return Object.entries(condition).some(([operator, tests]) => HOLDING.test(operator)
    && Object.entries(tests).some(([key, values]) => RESOURCE_KEYS.includes(key.toLowerCase()) && [values].flat().every((value) => isIntrinsic(value) || isFixed(key.toLowerCase(), String(value)))));
}

/** Whose a resource is must be said without wildcards; which of the owner's it is may have some. */
function isFixed(key: string, value: string): boolean {
  const owner = key.endsWith('orgpaths') ? value.split('/')[0] : key.endsWith('arn') ? value.split(':')[4] ?? '*' : value;
  return !/[*?]|\$\{/.test(owner);
}
