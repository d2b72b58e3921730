import { Finding } from './finding';
import { Bucket } from '../access/inventory';
import { readable } from '../policy/unknown-text';
import { DeployedResource } from '../template/deployment';

/** How to mend what a rule has found, as code. */
export interface Fix {
  /** A prop of the construct that makes the resource, or a call on it, in TypeScript; undefined where words alone say it. */
  readonly cdk?: string;

  /** What belongs into the resource, in YAML: a property, an attribute beside the properties, or a statement of its policy. */
  readonly cloudFormation?: string;
}

/** The code for one resource. */
export interface FixCode {
  readonly language: 'typescript' | 'yaml';
  readonly code: string;
}

/** The constructs that take props: those of the CDK and of this package, which are no resources of CloudFormation themselves. */
const CONSTRUCTS = /^(?:aws-cdk-lib\.\w+|cdk-secure-bucket)\.(?!Cfn)\w+$/;

/** The code that mends a finding: for the CDK where the resource is known to be made by one of its constructs, for CloudFormation otherwise. */
export function fixCode({ resource, fix }: Finding): FixCode | undefined {
  const isOfCdk = CONSTRUCTS.test(resource.constructClass ?? '');
  const code = isOfCdk ? fix?.cdk : fix?.cloudFormation;
  return code === undefined ? undefined : { language: isOfCdk ? 'typescript' : 'yaml', code };
}

/** The same findings, where something is found, with code that mends them. */
export function fixedBy(findings: readonly Finding[], fix: Fix | ((finding: Finding) => Fix) | undefined): Finding[] {
  return findings.map((finding) => (finding.isDecided ? { ...finding, fix: typeof fix === 'function' ? fix(finding) : fix } : finding));
}

/** What RequireTls does for a finding about connections to a bucket: of CloudFormation, the deny under one condition. */
export function requireTlsFix(bucket: Bucket, condition: string): (finding: Finding) => Fix {
  return ({ resource }) => ({ cdk: 'bucket.with(new RequireTls())', cloudFormation: denyOfEverything(bucket, resource, condition) });
}

/** The statement of a bucket policy that denies everybody everything under a condition, in YAML. */
function denyOfEverything({ facts: { arn }, resource }: Bucket, site: DeployedResource, condition: string): string {
  const resources = resource?.stack === site.stack ? `!GetAtt ${resource.logicalId}.Arn, !Sub '\${${resource.logicalId}.Arn}/*'` : `'${readable(arn)}', '${readable(arn)}/*'`;
  return `{ Effect: Deny, Principal: '*', Action: 's3:*', Resource: [${resources}], Condition: ${condition} }`;
}
