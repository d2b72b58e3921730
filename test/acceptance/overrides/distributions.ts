import { CfnResource, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import { Attack, condition, HarmlessChange, resource, sometimes, Target } from './attack';
import { OacDistribution, SecureBucket } from '../../../src';

export interface DistributionSite {
  readonly stack: Stack;
  readonly bucket: SecureBucket;
  readonly distribution: OacDistribution;
  readonly cfnDistribution: cloudfront.CfnDistribution;
}

export const DISTRIBUTION: Target<DistributionSite> = {
  what: 'OacDistribution',
  where: 'Site',
  build: (stack) => {
    const bucket = new SecureBucket(stack, 'Content', { bucketName: `site-${stack.stackName.toLowerCase()}` });
    const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab');
    const distribution = new OacDistribution(stack, 'Site', { bucket, certificate, domainNames: ['www.example.com'], contentSecurityPolicy: "default-src 'self'" });
    return { stack, bucket, distribution, cfnDistribution: resource(distribution) };
  },
};

const DEFAULT = 'DistributionConfig.DefaultCacheBehavior';
const ORIGIN = 'DistributionConfig.Origins.0';

const override = (path: string, value: unknown) => ({ cfnDistribution }: DistributionSite) => cfnDistribution.addPropertyOverride(path, value);
const conditional = (path: string, value: unknown, otherwise?: unknown) => ({ stack, cfnDistribution }: DistributionSite) =>
  cfnDistribution.addPropertyOverride(path, sometimes(stack, value, otherwise));
const control = ({ distribution }: DistributionSite) => distribution.node.findAll().find(cloudfront.CfnOriginAccessControl.isCfnOriginAccessControl)!;
const headers = ({ distribution }: DistributionSite) => distribution.node.findAll().find(cloudfront.CfnResponseHeadersPolicy.isCfnResponseHeadersPolicy)!;

function statement(policy: CfnResource, property: string): string {
  const at = policy.stack.resolve((policy as any)[property]).Statement.findIndex(({ Sid }: any) => Sid === 'AllowCloudFrontOAC');
  return `${property === 'keyPolicy' ? 'KeyPolicy' : 'PolicyDocument'}.Statement.${at}`;
}

function inBucketPolicy(path: string, value: unknown): (site: DistributionSite) => void {
  return ({ bucket }) => {
    const policy = resource<CfnResource>(bucket.policy!);
    policy.addPropertyOverride(`${statement(policy, 'policyDocument')}.${path}`, value);
  };
}

function inKeyPolicy(path: string, value: unknown): (site: DistributionSite) => void {
  return ({ bucket }) => {
    const key = resource<CfnResource>(bucket.encryptionKey!);
    key.addPropertyOverride(`${statement(key, 'keyPolicy')}.${path}`, value);
  };
}

const ofLogs = (type: string) => ({ distribution }: DistributionSite) => distribution.node.findAll().filter(CfnResource.isCfnResource).find(({ cfnResourceType }) => cfnResourceType === `AWS::Logs::${type}`)!;

export const DISTRIBUTION_ATTACKS: Attack<DistributionSite>[] = [
  ...['Delivery', 'DeliverySource', 'DeliveryDestination'].map((type) => ({
    how: `no access logs: its ${type} removed`,
    attack: (site: DistributionSite) => { const made = ofLogs(type)(site); made.node.scope!.node.tryRemoveChild(made.node.id); },
    where: 'Site/AccessLogs',
    says: /has been removed from the construct tree/,
  })),
  ...['Delivery', 'DeliverySource', 'DeliveryDestination'].map((type) => ({
    how: `access logs at times: its ${type} under a condition`,
    attack: (site: DistributionSite) => { ofLogs(type)(site).cfnOptions.condition = condition(site.stack); },
    where: 'Site/AccessLogs',
    says: /deployed under the condition/,
  })),
  { how: 'access logs to another bucket', attack: (site) => ofLogs('DeliveryDestination')(site).addPropertyOverride('DestinationResourceArn', 'arn:aws:s3:::elsewhere'), where: 'Site/AccessLogs', says: /'DestinationResourceArn'/ },
  { how: 'access logs of another distribution', attack: (site) => { (ofLogs('DeliverySource')(site) as any).resourceArn = 'arn:aws:cloudfront::111122223333:distribution/EOTHER'; }, where: 'Site/AccessLogs', says: /'ResourceArn'/ },
  { how: 'plain HTTP', attack: override(`${DEFAULT}.ViewerProtocolPolicy`, 'allow-all'), says: /'\*' over plain HTTP/ },
  { how: 'plain HTTP under a condition', attack: conditional(`${DEFAULT}.ViewerProtocolPolicy`, 'https-only', 'allow-all'), says: /'\*' over plain HTTP/ },
  { how: 'plain HTTP, by another behavior', attack: (site) => site.cfnDistribution.addPropertyOverride('DistributionConfig.CacheBehaviors', [{ PathPattern: '/old/*', TargetOriginId: 'x', ViewerProtocolPolicy: 'allow-all' }]), says: /'\/old\/\*' over plain HTTP/ },
  { how: 'plain HTTP, by another behavior under a condition', attack: (site) => site.cfnDistribution.addPropertyOverride('DistributionConfig.CacheBehaviors', [sometimes(site.stack, { PathPattern: '/old/*', TargetOriginId: 'x', ViewerProtocolPolicy: 'allow-all' })]), says: /'\/old\/\*' over plain HTTP/ },
  { how: 'plain HTTP, by behaviors under a condition', attack: conditional('DistributionConfig.CacheBehaviors', [{ PathPattern: '/old/*', TargetOriginId: 'x', ViewerProtocolPolicy: 'allow-all' }]), says: /'\/old\/\*' over plain HTTP/ },
  { how: 'TLS 1.1', attack: override('DistributionConfig.ViewerCertificate.MinimumProtocolVersion', 'TLSv1.1_2016'), says: /'TLSv1.1_2016'/ },
  { how: 'TLS 1.1 under a condition', attack: conditional('DistributionConfig.ViewerCertificate.MinimumProtocolVersion', 'TLSv1.2_2021', 'TLSv1.1_2016'), says: /'TLSv1.1_2016'/ },
  { how: 'no TLS version', attack: ({ cfnDistribution }) => cfnDistribution.addPropertyDeletionOverride('DistributionConfig.ViewerCertificate.MinimumProtocolVersion'), says: /lets viewers use/ },
  { how: 'no certificate', attack: ({ cfnDistribution }) => cfnDistribution.addPropertyDeletionOverride('DistributionConfig.ViewerCertificate'), says: /without its certificate/ },
  { how: "CloudFront's certificate", attack: override('DistributionConfig.ViewerCertificate', { CloudFrontDefaultCertificate: true, AcmCertificateArn: undefined }), says: /without its certificate/ },
  { how: 'no headers', attack: ({ cfnDistribution }) => cfnDistribution.addPropertyDeletionOverride(`${DEFAULT}.ResponseHeadersPolicyId`), says: /without Strict-Transport-Security/ },
  { how: 'headers under a condition', attack: (site) => site.cfnDistribution.addPropertyOverride(`${DEFAULT}.ResponseHeadersPolicyId`, sometimes(site.stack, headers(site).ref)), says: /without Strict-Transport-Security/ },
  { how: 'its headers without transport security', attack: (site) => headers(site).addPropertyDeletionOverride('ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity'), says: /without Strict-Transport-Security/ },
  { how: 'its headers with transport security of no time', attack: (site) => headers(site).addPropertyOverride('ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity.AccessControlMaxAgeSec', 0), says: /without Strict-Transport-Security/ },
  { how: 'no origin access control', attack: ({ cfnDistribution }) => cfnDistribution.addPropertyDeletionOverride(`${ORIGIN}.OriginAccessControlId`), says: /without origin access control/ },
  { how: 'an origin access control of somebody', attack: override(`${ORIGIN}.OriginAccessControlId`, 'E327GJI25M56DG'), says: /origin access control 'E327GJI25M56DG'/ },
  { how: 'an origin access control under a condition', attack: (site) => site.cfnDistribution.addPropertyOverride(`${ORIGIN}.OriginAccessControlId`, sometimes(site.stack, control(site).attrId)), says: /without origin access control/ },
  { how: 'no signatures', attack: (site) => control(site).addPropertyOverride('OriginAccessControlConfig.SigningBehavior', 'never'), says: /does not sign every request \('never'\)/ },
  { how: 'signatures under a condition', attack: (site) => control(site).addPropertyOverride('OriginAccessControlConfig.SigningBehavior', sometimes(site.stack, 'always', 'no-override')), says: /does not sign every request \('no-override'\)/ },
  { how: 'signatures for something else', attack: (site) => control(site).addPropertyOverride('OriginAccessControlConfig.OriginAccessControlOriginType', 'mediastore'), says: /does not sign/ },
  { how: 'another bucket', attack: override(`${ORIGIN}.DomainName`, 'somebody-elses.s3.us-east-1.amazonaws.com'), says: /'somebody-elses.s3.us-east-1.amazonaws.com'/ },
  { how: 'a website endpoint', attack: override(`${ORIGIN}.DomainName`, 'old.s3-website-us-east-1.amazonaws.com'), says: /website endpoint/ },
  { how: 'an origin over HTTP', attack: ({ distribution }) => distribution.addBehavior('/api/*', new origins.HttpOrigin('api.example.com', { protocolPolicy: cloudfront.OriginProtocolPolicy.HTTP_ONLY })), says: /'api.example.com' is asked over plain HTTP/ },
  { how: 'uploads by anybody', attack: override(`${DEFAULT}.AllowedMethods`, ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']), says: /anybody could send PUT/ },
  { how: 'uploads by anybody under a condition', attack: conditional(`${DEFAULT}.AllowedMethods`, ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'], ['GET', 'HEAD']), says: /anybody could send PUT/ },
  { how: 'another resource type', attack: ({ cfnDistribution }) => cfnDistribution.addOverride('Type', 'AWS::CloudFront::StreamingDistribution'), says: /'AWS::CloudFront::StreamingDistribution'/ },
  { how: 'Fn::Transform in its configuration', attack: override('DistributionConfig.Fn::Transform', { Name: 'Rewrite' }), says: /'Fn::Transform'/ },
  { how: "any distribution in the bucket's policy", attack: inBucketPolicy('Condition', { ArnLike: { 'AWS:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/*' } }), says: /'AllowCloudFrontOAC' .*is missing from the synthesized bucket policy, or was changed/, where: 'Content' },
  { how: "no condition in the bucket's policy", attack: inBucketPolicy('Condition', undefined), says: /'AllowCloudFrontOAC' .*is missing/, where: 'Content' },
  { how: "more actions in the bucket's policy", attack: inBucketPolicy('Action', 's3:*'), says: /'AllowCloudFrontOAC' .*is missing/, where: 'Content' },
  { how: "no condition in the key's policy", attack: inKeyPolicy('Condition', undefined), says: /'AllowCloudFrontOAC' .*is missing/, where: 'Content' },
  { how: "more actions in the key's policy", attack: inKeyPolicy('Action', 'kms:*'), says: /'AllowCloudFrontOAC' .*is missing/, where: 'Content' },
  { how: "another service in the bucket's policy", attack: inBucketPolicy('Principal', { AWS: 'arn:aws:iam::444455556666:root' }), says: /'AllowCloudFrontOAC' .*is missing/, where: 'Content' },
  { how: "more resources in the bucket's policy", attack: inBucketPolicy('Resource', '*'), says: /'AllowCloudFrontOAC' .*is missing/, where: 'Content' },
  { how: "another principal in the key's policy", attack: inKeyPolicy('Principal', { AWS: 'arn:aws:iam::444455556666:root' }), says: /'AllowCloudFrontOAC' .*is missing/, where: 'Content' },
  { how: "another distribution in the key's policy", attack: inKeyPolicy('Condition', { StringEquals: { 'AWS:SourceArn': 'arn:aws:cloudfront::444455556666:distribution/EDFDVBD6EXAMPLE' } }), says: /'AllowCloudFrontOAC' .*is missing/, where: 'Content' },
  { how: 'its origin access control removed', attack: (site) => control(site).node.scope!.node.tryRemoveChild(control(site).node.id), says: /removed from the construct tree/ },
  { how: 'its origin access control becomes something else', attack: (site) => control(site).addOverride('Type', 'AWS::CloudFormation::WaitConditionHandle'), says: /'AWS::CloudFormation::WaitConditionHandle'/ },
  { how: 'its origin access control under a condition', attack: (site) => { control(site).cfnOptions.condition = condition(site.stack); }, says: /under the condition 'Sometimes'/ },
  { how: 'its headers removed', attack: (site) => headers(site).node.scope!.node.tryRemoveChild(headers(site).node.id), says: /removed from the construct tree/ },
  { how: 'its headers become something else', attack: (site) => headers(site).addOverride('Type', 'AWS::CloudFormation::WaitConditionHandle'), says: /'AWS::CloudFormation::WaitConditionHandle'/ },
  { how: 'no origin', attack: override('DistributionConfig.Origins', [{ Id: 'x', DomainName: 'api.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } }]), says: /serves no longer the bucket/ },
];

export const HARMLESS: HarmlessChange<DistributionSite>[] = [
  { how: 'a comment', change: override('DistributionConfig.Comment', 'The site') },
  { how: 'HTTPS only', change: override(`${DEFAULT}.ViewerProtocolPolicy`, 'https-only') },
  { how: 'HTTPS in both branches', change: conditional(`${DEFAULT}.ViewerProtocolPolicy`, 'https-only', 'redirect-to-https') },
  { how: 'a newer TLS version', change: override('DistributionConfig.ViewerCertificate.MinimumProtocolVersion', 'TLSv1.3_2025') },
  { how: 'another price class', change: override('DistributionConfig.PriceClass', 'PriceClass_100') },
  { how: 'a web ACL', change: override('DistributionConfig.WebACLId', 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/Site/473e64fd-f30b-4765-81a0-62ad96dd167a') },
  { how: 'more retries of the origin', change: override(`${ORIGIN}.ConnectionAttempts`, 2) },
  { how: 'distribution and companions depend on one condition', change: (site) => [site.cfnDistribution, control(site), headers(site)].forEach((resourceOfSite) => { resourceOfSite.cfnOptions.condition = condition(site.stack); }) },
  { how: 'disabled', change: override('DistributionConfig.Enabled', false) },
  { how: 'one more behavior', change: ({ distribution }) => distribution.addBehavior('/api/*', new origins.HttpOrigin('api.example.com')) },
  { how: 'longer transport security', change: (site) => headers(site).addPropertyOverride('ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity.AccessControlMaxAgeSec', 63_072_000) },
];
