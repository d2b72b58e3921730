# ../app.ts, in Python.
import os

from aws_cdk import Acknowledgment, App, Aspects, Duration, Environment, PropertyInjectors, Stack, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from cdk_secure_bucket import (
    AccessEvaluator,
    AccessExpectations,
    AccessPrincipal,
    Consumer,
    CrossAccountGrant,
    DatasetAccess,
    DeliverySource,
    NetworkPerimeter,
    OacDistribution,
    OrganizationPerimeter,
    RequireEncryption,
    RequireTls,
    S3GatewayEndpoint,
    SecureBucket,
    SecureBucketChecks,
    SecureBucketDefaults,
    SharedDatasetAccessPoint,
)

app = App(analytics_reporting=False)
is_broken = "BROKEN" in os.environ

data = Stack(app, "Data", env=Environment(account="111122223333", region="eu-west-1"))
bucket = SecureBucket(
    data,
    "Dataset",
    bucket_name="amzn-s3-demo-dataset",
    network=NetworkPerimeter(vpc_endpoint_ids=["vpce-0abc123def4567890"], ip_ranges=["203.0.113.0/24"], via_aws_services=True),
    organization=OrganizationPerimeter(organization_ids=["o-exampleorgid"], trusted_accounts=["444455556666"]),
    administrators=[iam.ArnPrincipal("arn:aws:iam::111122223333:role/BreakGlass")],
    presigned_url_max_age=Duration.minutes(15),
    minimum_tls_version=1.3,
    lifecycle_rules=[s3.LifecycleRule(noncurrent_version_expiration=Duration.days(30))],
)
bucket.allow_delivery(DeliverySource.vpc_flow_logs(source_regions=["eu-west-1"]))
bucket.exempt_from_network_perimeter(iam.ArnPrincipal("arn:aws:iam::111122223333:role/Mainframe"), "it uploads from the data centre")

partner = Consumer.role_arn("arn:aws:iam::444455556666:role/Partner")
CrossAccountGrant(data, "PartnerReads", bucket=bucket, consumer=partner, access=DatasetAccess.READ, prefixes=["reports/"])
team = SharedDatasetAccessPoint(data, "Team", bucket=bucket, prefixes=["team/"])
team.grant_read_write(partner)

vpc = ec2.Vpc.from_vpc_attributes(
    data,
    "Vpc",
    vpc_id="vpc-0abc123def4567890",
    availability_zones=["eu-west-1a"],
    isolated_subnet_ids=["subnet-0abc123def4567891"],
    isolated_subnet_route_table_ids=["rtb-0abc123def4567890"],
)
S3GatewayEndpoint(data, "Endpoint", vpc=vpc, buckets=[bucket], access_points=[team])

reader = iam.Role(data, "Reader", role_name="Reader", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
bucket.grant_read(reader)

site = Stack(app, "Site", env=Environment(account="111122223333", region="us-east-1"))
content = SecureBucket(site, "Content", bucket_namespace=s3.BucketNamespace.ACCOUNT_REGIONAL, bucket_name_prefix="site")
OacDistribution(site, "Site", bucket=content, content_security_policy="default-src 'self'")
Validations.of(site).acknowledge(Acknowledgment(id="SecureBucket-DistributionTls", reason="The certificate comes with the domain."))

legacy = Stack(app, "Legacy", env=Environment(account="111122223333", region="eu-west-1"))
PropertyInjectors.of(legacy).add(SecureBucketDefaults())
Aspects.of(legacy).add(RequireTls())
Aspects.of(legacy).add(RequireEncryption())
uploads = s3.Bucket(legacy, "Uploads", versioned=False)
if not is_broken:
    Validations.of(uploads).acknowledge(Acknowledgment(id="SecureBucket-Versioning", reason="Uploads are processed within a day."))

expectations = AccessExpectations()
reads = expectations.principal(AccessPrincipal.role(reader)).may("s3:GetObject").on(bucket, "data/*")
reads.with_("aws:SourceIp", "203.0.113.7").with_("aws:PrincipalOrgID", "o-exampleorgid")
expectations.nobody().may().on(bucket).over_http()
if is_broken:
    expectations.principal(AccessPrincipal.role(reader)).may("s3:PutObject").on(bucket, "data/*")
Validations.of(app).add_plugins(SecureBucketChecks(app), expectations)

assembly = app.synth()

decision = AccessEvaluator.from_cloud_assembly(assembly.directory).decide(
    principal="arn:aws:iam::111122223333:role/Reader",
    action="s3:GetObject",
    resource="arn:aws:s3:::amzn-s3-demo-dataset/data/1.csv",
    context={"aws:SourceIp": "198.51.100.77"},
)
with open("decision.txt", "w") as file:
    file.write(decision.to_string())
