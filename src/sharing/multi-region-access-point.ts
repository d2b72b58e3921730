import { IResource, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import type { MultiRegionAccessPointGrants } from './multi-region-access-point-grants';
import { known } from './names';
import { canFollow } from './stack-order';
import { having } from '../prop-types';
import { Refusal } from '../refusal';

/** What is a multi-Region access point. */
export const MULTI_REGION_ACCESS_POINT = having('a multi-Region access point', 'multiRegionAccessPointArn', 'addToResourcePolicy', 'node');

/**
 * An access point to the buckets of several Regions, made here or elsewhere.
 */
export interface ISharedMultiRegionAccessPoint extends IResource {
  /**
   * The ARN, which consumers use in place of a bucket name. It names no Region.
   *
   * @attribute
   */
  readonly multiRegionAccessPointArn: string;

  /**
   * The alias that S3 gives it, which ends with `.mrap`.
   *
   * @attribute
   */
  readonly multiRegionAccessPointAlias: string;

  /** The buckets behind it, one a Region; undefined if they are not known here. */
  readonly buckets?: s3.IBucket[];

  /** The beginnings of the object keys for which it is made: grants go no further. Undefined: everything, or not known here. */
  readonly prefixes?: string[];

  /** Gives access through it. */
  readonly grants: MultiRegionAccessPointGrants;

  /**
   * Adds a statement to its policy; does nothing if it is imported.
   */
  addToResourcePolicy(permission: iam.PolicyStatement): iam.AddToResourcePolicyResult;
}

/**
 * A multi-Region access point that exists already.
 */
export interface SharedMultiRegionAccessPointAttributes {
  /** The ARN, such as `arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap`. */
  readonly multiRegionAccessPointArn: string;

  /**
   * All buckets behind it, made here or imported. With them, grants confine the use of the data's keys to these buckets.
   *
   * @default - not known: data under customer managed keys cannot be granted
   */
  readonly buckets?: s3.IBucket[];
}

/** The ARN of a multi-Region access point with an alias. */
export function multiRegionArn(stack: Stack, account: string, alias: string): string {
  return stack.formatArn({ service: 's3', region: '', account, resource: 'accesspoint', resourceName: alias });
}

/**
 * Its ARN, as the templates of a stack can write it. Where the alias is not known, all multi-Region access points of its account stand for it:
 * each lets in only whom its own policy names.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html
 */
export function multiRegionArnIn(stack: Stack, accessPoint: ISharedMultiRegionAccessPoint): string {
  return canReferTo(stack, accessPoint) ? accessPoint.multiRegionAccessPointArn : multiRegionArn(stack, accessPoint.env.account, '*.mrap');
}

/** Whether the templates of a stack can write down its ARN. */
export function canReferTo(stack: Stack, accessPoint: ISharedMultiRegionAccessPoint): boolean {
  const there = Stack.of(accessPoint);
  const isNear = there === stack || (there.account === stack.account && there.region === stack.region && Stage.of(there) === Stage.of(stack) && canFollow(stack, there));
  return known(accessPoint.multiRegionAccessPointArn) !== undefined || isNear;
}

/** Why a grant cannot be made where it is. */
export function grantElsewhere(site: IConstruct, accessPoint: ISharedMultiRegionAccessPoint): Refusal[] {
  return canReferTo(Stack.of(site), accessPoint) ? [] : [{
    name: 'GrantElsewhere',
    problem: `the stack of the grant cannot refer to '${accessPoint.node.path}', whose ARN is known at deployment only.`,
    remedy: "Make the grant in the stack of the access point, by its 'grants'; consumers may be of any stack.",
  }];
}
