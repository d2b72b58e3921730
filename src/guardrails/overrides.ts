import { CfnResource } from 'aws-cdk-lib';

/**
 * Whether somebody has overridden a part of a resource's template (`addPropertyOverride` and its like).
 *
 * The CDK keeps overrides to itself. Where a later version keeps them elsewhere, the answer is yes: the caller then
 * looks at the whole template, which is slower and just as right.
 */
export function hasOverrides(resource: CfnResource): boolean {
  const { rawOverrides } = resource as unknown as { rawOverrides?: object };
  return rawOverrides === undefined || Object.keys(rawOverrides).length > 0;
}
