import { IResource, Stack, Stage } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { Refusal } from '../refusal';
import { known } from '../sharing/names';

/** How the policies of a resource can name a distribution. */
export type Reach =
  | { readonly kind: 'literal'; readonly arn: string }
  | { readonly kind: 'reference' }
  | { readonly kind: 'other-account' }
  | { readonly kind: 'out-of-reach'; readonly why: Refusal };

export const NAME_BY_ID = "pass the distribution's id as 'deployedDistributionId' once it is deployed";

/** How far a resource can refer to a distribution, whatever the distribution itself refers to. */
export function reachOf(resource: IResource, distribution: cloudfront.Distribution, deployedId: string | undefined): Reach {
  const [here, there] = [Stack.of(resource), distribution.stack];
  if (deployedId !== undefined) {
    return { kind: 'literal', arn: distributionArnIn(here, there, deployedId) };
  }
  if (known(resource.env.account) && known(there.account) && resource.env.account !== there.account) {
    return { kind: 'other-account' };
  }
  const isInReach = here === there || (Stage.of(here) === Stage.of(there) && (here.environment === there.environment || carriesReferences(here, there)));
  return isInReach ? { kind: 'reference' } : { kind: 'out-of-reach', why: whyOutOfReach(here, there) };
}

/** The ARN of a distribution that is known by its id, or of all distributions of its account. */
export function distributionArnIn(stack: Stack, { account }: Stack, resourceName: string): string {
  return stack.formatArn({ service: 'cloudfront', region: '', account, resource: 'distribution', resourceName });
}

/** CloudFormation carries no value from one Region, account or stage to another. */
function whyOutOfReach(here: Stack, there: Stack): Refusal {
  const isOtherRegion = Stage.of(here) === Stage.of(there) && here.account === there.account;
  return isOtherRegion
    ? {
      problem: `the stack '${here.node.path}' is of another Region than the distribution's, and cannot refer to it.`,
      remedy: `Put the distribution into a stack of Region ${here.region}, or set 'crossRegionReferences' on both stacks, or ${NAME_BY_ID}.`,
    }
    : {
      problem: `the stack '${here.node.path}' is of another environment or stage than the distribution's, and cannot refer to it.`,
      remedy: `Give both stacks the same 'env' in one stage, or ${NAME_BY_ID}.`,
    };
}

/** The CDK carries values between Regions of one account where both stacks ask for it. It keeps that to itself. */
function carriesReferences(here: Stack, there: Stack): boolean {
  const asks = (stack: Stack) => (stack as unknown as { _crossRegionReferences?: boolean })._crossRegionReferences === true;
  return here.account === there.account && asks(here) && asks(there);
}
