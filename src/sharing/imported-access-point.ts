import { Arn, ArnFormat, Resource, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ISharedDatasetAccessPoint, SharedDatasetAccessPointAttributes } from './dataset-access-point';
import { known } from './names';
import { unscopedRefusal } from '../refusal';

/** An access point that exists already: its policy is not ours to write. */
export class ImportedAccessPoint extends Resource implements ISharedDatasetAccessPoint {
  public readonly accessPointArn: string;
  public readonly accessPointName: string;
  public readonly bucket?: s3.IBucket;

  constructor(scope: Construct, id: string, { accessPointArn, bucket }: SharedDatasetAccessPointAttributes) {
    const { account, region, name } = partsOf(accessPointArn);
    super(scope, id, { account, region });
    this.accessPointArn = accessPointArn;
    this.accessPointName = name;
    this.bucket = bucket;
  }

  public addToResourcePolicy(_permission: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    return { statementAdded: false };
  }
}

/** What the ARN of an access point says. Throws if it is another ARN; of a token, service and kind cannot be checked. */
function partsOf(accessPointArn: string): { account: string; region: string; name: string } {
  const { service, account, region, resource, resourceName: name } = Arn.split(accessPointArn, ArnFormat.SLASH_RESOURCE_NAME);
  const isOfAccessPoint = Token.isUnresolved(accessPointArn) || (service === 's3' && resource === 'accesspoint');
  if (!isOfAccessPoint || !name || (known(name) && !/^[a-z0-9-]+$/.test(name)) || !account || !region) {
    throw unscopedRefusal('UnusableAccessPointArn', 'SharedDatasetAccessPoint', {
      problem: `'${accessPointArn}' is no ARN of an access point.`,
      remedy: 'Pass one such as arn:aws:s3:eu-west-1:111122223333:accesspoint/team.',
    });
  }
  return { account, region, name };
}
