import { Stack, StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessGrant, AccessGrantPermission, AccessGrantsLocation, DatasetAccessGrants, DirectoryGrantee, SecureBucket } from 'cdk-secure-bucket';

export interface DataLakeStackProps extends StackProps {
  readonly vpcEndpointId: string;
  readonly identityCenterArn: string;

  /** The id of the group in IAM Identity Center. */
  readonly analystsGroupId: string;
}

/** One bucket; two teams that write what is theirs, and a group of the directory that reads what they publish. No grant is a statement of the bucket's policy. */
export class DataLakeStack extends Stack {
  public readonly location: AccessGrantsLocation;

  constructor(scope: Construct, id: string, props: DataLakeStackProps) {
    super(scope, id, props);

    const lake = new SecureBucket(this, 'Lake', {
      bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL,
      bucketNamePrefix: 'data-lake',
      network: { vpcEndpointIds: [props.vpcEndpointId] }, // binds the sessions of grants, too
    });
    const accessGrants = new DatasetAccessGrants(this, 'AccessGrants', { identityCenterArn: props.identityCenterArn });
    this.location = accessGrants.addLocation('Location', lake);

    const [orders, billing] = ['Orders', 'Billing'].map((name) => new iam.Role(this, name, { roleName: name, assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') }));
    this.grant('OrdersWrite', orders, AccessGrantPermission.READWRITE, 'orders/');
    this.grant('BillingWrite', billing, AccessGrantPermission.READWRITE, 'billing/');
    this.grant('BillingReadsOrders', billing, AccessGrantPermission.READ, 'orders/published/');
    this.grant('AnalystsRead', DirectoryGrantee.group(props.analystsGroupId), AccessGrantPermission.READ, 'orders/published/');
  }

  /** With an id of its own, the command can name the grant; 'location.grants' makes one up. */
  private grant(id: string, grantee: iam.IGrantable, permission: AccessGrantPermission, prefix: string): AccessGrant {
    return new AccessGrant(this, id, { location: this.location, grantee, permission, prefix });
  }
}
