import { CfnResource } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Source } from './source-statement';

/** A distribution that a policy refers to; any of its account, once it turns out that the policy cannot. */
export class SourceByReference implements Source {
  public isPattern = false;

  constructor(
    private readonly exactArn: string,
    private readonly accountPattern: string,
    /** The bucket or key whose policy refers to the distribution. */
    public readonly resource: s3.IBucket | kms.IKey,
    /** The template's resource which holds that policy. */
    public readonly policyOf: () => CfnResource | undefined,
  ) {}

  public get arn(): string {
    return this.isPattern ? this.accountPattern : this.exactArn;
  }
}
