import { Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancing';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AdoptedApp, HERE } from '../adopted';

/** Three kinds of load balancers with their logs; the buckets are made before anybody says what they are for. */
export const loadBalancedServiceWithLogs: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Web', HERE);
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    const [albLogs, nlbLogs, clbLogs] = ['AlbLogs', 'NlbLogs', 'ClbLogs'].map((id) => new s3.Bucket(stack, id));
    const alb = new elbv2.ApplicationLoadBalancer(stack, 'Alb', { vpc, internetFacing: true });
    alb.logAccessLogs(albLogs, 'alb');
    alb.logConnectionLogs(albLogs, 'alb-connections');
    new elbv2.NetworkLoadBalancer(stack, 'Nlb', { vpc }).logAccessLogs(nlbLogs);
    new elb.LoadBalancer(stack, 'Clb', { vpc, accessLoggingPolicy: { enabled: true, s3BucketName: clbLogs.bucketName } });
    clbLogs.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.AccountPrincipal('156460612806')], actions: ['s3:PutObject'], resources: [clbLogs.arnForObjects(`AWSLogs/${stack.account}/*`)] }));
    if (mended) {
      const reason = "The CDK's load balancers write the statements of the delivery service, without the account that it delivers for.";
      [albLogs, nlbLogs].forEach((logs) => Validations.of(logs).acknowledge({ id: 'SecureBucket-OverbroadGrant', reason }));
    }
  },
  reported: ['OverbroadGrant Web/AlbLogs/Policy/Resource', 'OverbroadGrant Web/NlbLogs/Policy/Resource'],
  needs: [
    { who: 'arn:aws:iam::156460612806:root', does: 's3:PutObject', on: ['Web/AlbLogs', 'alb/AWSLogs/111122223333/x.log.gz'] },
    { who: 'arn:aws:iam::156460612806:root', does: 's3:PutObject', on: ['Web/AlbLogs', 'alb-connections/AWSLogs/111122223333/x.log.gz'] },
    { who: 'arn:aws:iam::156460612806:root', does: 's3:PutObject', on: ['Web/ClbLogs', 'AWSLogs/111122223333/x.log'] },
    { who: 'delivery.logs.amazonaws.com', does: 's3:PutObject', on: ['Web/NlbLogs', 'AWSLogs/111122223333/x.log.gz'], sends: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': '111122223333', 'aws:SourceArn': 'arn:aws:logs:eu-west-1:111122223333:x' } },
  ],
};
