import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { fingerprint } from './values';

/** The construct of a grant under an access point: the same for the same request, however often it is made. */
export function grantOnce<Grant extends Construct>(accessPoint: IConstruct, id: string, make: () => Grant): Grant {
  return accessPoint.node.tryFindChild(id) as Grant | undefined ?? make();
}

/** An id for a grant: the same at every synthesis, and another one for another consumer. */
export function grantId(accessPoint: IConstruct, what: string, { grantPrincipal: principal }: iam.IGrantable, prefixes?: readonly string[]): string {
  const who = Construct.isConstruct(principal) ? principal.node.addr : principal.policyFragment.principalJson;
  return `${what}${fingerprint(Stack.of(accessPoint).resolve([who, prefixes ?? []]))}`;
}
