import { Arn, ArnFormat, Resource, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ISharedMultiRegionAccessPoint, SharedMultiRegionAccessPointAttributes } from './multi-region-access-point';
import { MultiRegionAccessPointGrants } from './multi-region-access-point-grants';
import { known } from './names';
import { unscopedRefusal } from '../refusal';

/** A multi-Region access point that exists already: its policy is not ours to write. */
export class ImportedMultiRegionAccessPoint extends Resource implements ISharedMultiRegionAccessPoint {
  public readonly multiRegionAccessPointArn: string;
  public readonly multiRegionAccessPointAlias: string;
  public readonly buckets?: s3.IBucket[];
  public readonly grants: MultiRegionAccessPointGrants;

  constructor(scope: Construct, id: string, { multiRegionAccessPointArn, buckets }: SharedMultiRegionAccessPointAttributes) {
    const { account, alias } = partsOf(multiRegionAccessPointArn);
    super(scope, id, { account });
    this.multiRegionAccessPointArn = multiRegionAccessPointArn;
    this.multiRegionAccessPointAlias = alias;
    this.buckets = buckets;
    this.grants = MultiRegionAccessPointGrants._of(this);
  }

  public addToResourcePolicy(_permission: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    return { statementAdded: false };
  }
}

/** What the ARN says. Throws if it is another ARN; of a token, service and kind cannot be checked. */
function partsOf(multiRegionAccessPointArn: string): { account: string; alias: string } {
  const { service, account, region, resource, resourceName: alias } = Arn.split(multiRegionAccessPointArn, ArnFormat.SLASH_RESOURCE_NAME);
  const isOfMultiRegion = Token.isUnresolved(multiRegionAccessPointArn) || (service === 's3' && resource === 'accesspoint' && region === '');
  if (!isOfMultiRegion || !alias || (known(alias) && !/^[a-z0-9]+\.mrap$/.test(alias)) || !account) {
    throw unscopedRefusal('UnusableAccessPointArn', 'SharedMultiRegionAccessPoint', {
      problem: `'${multiRegionAccessPointArn}' is no ARN of a multi-Region access point.`,
      remedy: 'Pass one such as arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap: with its alias, not its name.',
    });
  }
  return { account, alias };
}
