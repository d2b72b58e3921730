import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { AdoptedApp, HERE } from '../adopted';

const SOURCE = { 'aws:SourceAccount': '111122223333', 'aws:SourceArn': 'arn:aws:logs:eu-west-1:111122223333:x', 's3:x-amz-acl': 'bucket-owner-full-control' };

/** Flow logs of a network and logs of a firewall, both by the delivery service of CloudWatch Logs. */
export const networkLogs: AdoptedApp = {
  build: (app) => {
    const stack = new Stack(app, 'Network', HERE);
    stack.node.setContext('@aws-cdk/aws-s3:createDefaultLoggingPolicy', true);
    const flows = new s3.Bucket(stack, 'Flows');
    new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, flowLogs: { All: { destination: ec2.FlowLogDestination.toS3(flows) } } });
    const firewall = new s3.Bucket(stack, 'Firewall', { bucketName: 'aws-waf-logs-amzn-s3-demo' });
    firewall.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [firewall.arnForObjects(`AWSLogs/${stack.account}/*`)],
      conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': stack.account } },
    }));
    new wafv2.CfnLoggingConfiguration(stack, 'FirewallLogs', { resourceArn: `arn:aws:wafv2:eu-west-1:${stack.account}:regional/webacl/web/1`, logDestinationConfigs: [firewall.bucketArn] });
  },
  reported: [],
  needs: [
    { who: 'delivery.logs.amazonaws.com', does: 's3:PutObject', on: ['Network/Flows', 'AWSLogs/111122223333/vpcflowlogs/x.log.gz'], sends: SOURCE },
    { who: 'delivery.logs.amazonaws.com', does: 's3:PutObject', on: ['Network/Firewall', 'AWSLogs/111122223333/WAFLogs/x.log.gz'], sends: SOURCE },
  ],
};
