import type { DeployedResource, DeployedStack } from './deployment';
import { resolveValue } from './intrinsics';
import { Place } from './place';
import { jsonText } from '../policy/json';

/** The custom resource with which the CDK writes values for stacks of another Region. */
export const EXPORT_WRITER = 'Custom::CrossRegionExportWriter';

/**
 * A value that a stack writes for a stack of another Region: a parameter of Systems Manager in that Region.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib-readme.html#accessing-resources-in-a-different-stack-and-region
 */
export class CrossRegionExport {
  private isResolved = false;
  private resolved: unknown;

  constructor(public readonly name: string, public readonly place: Place, private readonly written: unknown, public readonly writer: DeployedStack) {}

  /** The value once it is written. */
  public get value(): unknown {
    if (!this.isResolved) {
      this.isResolved = true; // a value that refers to itself is not known
      this.resolved = resolveValue(this.written, this.writer);
    }
    return this.resolved;
  }
}

/** What a writer writes. */
export function exportsOf({ definition, stack }: DeployedResource): CrossRegionExport[] {
  const props: any = definition.Properties?.WriterProps;
  const place = { account: stack.account, region: jsonText(resolveValue(props?.region, stack)) };
  const exports: unknown = props?.exports;
  return Object.entries(typeof exports === 'object' && exports !== null ? exports : {}).map(([name, value]) => new CrossRegionExport(name, place, value, stack));
}
