import { RemovalPolicy, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { Refusal } from '../../refusal';
import { handOverWithWarning } from '../../statements/hand-over';

const EVENTS = new iam.ServicePrincipal('events.amazonaws.com');

/** A topic that takes what EventBridge publishes, over TLS only, and encrypts it with a key of its own. Nothing is kept in it, so it goes with its stack. */
export function makeTopic(scope: Construct): sns.Topic {
  const masterKey = new kms.Key(scope, 'Key', { description: `Alarms of ${scope.node.path}`, enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY });
  return new sns.Topic(scope, 'Topic', { masterKey, enforceSSL: true });
}

/**
 * Lets EventBridge publish to a topic, and encrypt for it. What this app does not write is handed over.
 *
 * The statements have no conditions: AWS documents that EventBridge publishes without the keys that could confine it, and drops what is denied.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export function letAlarmsIn(scope: Construct, topic: sns.ITopic): void {
  const publish = new iam.PolicyStatement({ sid: 'AllowAlarms', principals: [EVENTS], actions: ['sns:Publish'], resources: [topic.topicArn] });
  const encrypt = new iam.PolicyStatement({ sid: 'AllowAlarms', principals: [EVENTS], actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'] });
  addOrHandOver(scope, 'Topic', topic, publish, topic.topicArn);
  if (topic.masterKey) {
    addOrHandOver(scope, 'TopicKey', topic.masterKey, encrypt, topic.masterKey.keyArn);
  }
}

/** Why alarms would never reach a topic. */
export function unreachable(scope: Construct, topic: sns.ITopic): Refusal[] {
  const { account, region } = Stack.of(scope);
  const isOther = (one: string, another: string) => Token.compareStrings(one, another) === TokenComparison.DIFFERENT;
  return [
    ...(isOther(topic.env.account, account) ? [{
      problem: `the topic '${topic.node.path}' is in the account ${topic.env.account}, and its alarms are in ${account}.`,
      remedy: `Pass a topic of the account ${account}, and subscribe to it from the other account.`,
    }] : []),
    ...(isOther(topic.env.region, region) ? [{
      problem: `the topic '${topic.node.path}' is in ${topic.env.region}, and EventBridge publishes to topics of its own Region, ${region}.`, // https://repost.aws/knowledge-center/sns-not-getting-eventbridge-notification
      remedy: `Pass a topic in ${region}.`,
    }] : []),
    ...(topic.fifo ? [{
      problem: `the topic '${topic.node.path}' is a FIFO topic, which takes messages of message groups only, and EventBridge names none.`, // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
      remedy: 'Pass a standard topic.',
    }] : []),
    ...(hasAwsManagedKey(topic) ? [{
      problem: `the topic '${topic.node.path}' is encrypted with the AWS managed key 'alias/aws/sns', whose policy does not let EventBridge encrypt.`,
      remedy: "Pass a topic with a customer managed key as its 'masterKey'.",
    }] : []),
  ];
}

/** Whether nothing in the app subscribes to a topic of the app. */
export function isUnheard({ topicArn, node }: sns.ITopic): boolean {
  const resource = node.defaultChild;
  const subscribes = (construct: IConstruct) => sns.CfnSubscription.isCfnSubscription(construct) && construct.topicArn === topicArn;
  return sns.CfnTopic.isCfnTopic(resource) && resource.subscription === undefined && !node.root.node.findAll().some(subscribes);
}

function hasAwsManagedKey(topic: sns.ITopic): boolean {
  const { defaultChild } = topic.node;
  const written = sns.CfnTopic.isCfnTopic(defaultChild) ? defaultChild.kmsMasterKeyId : undefined;
  return [written, topic.masterKey?.keyArn, topic.masterKey?.keyId].some((key) => key !== undefined && key.endsWith('alias/aws/sns'));
}

function addOrHandOver(scope: Construct, id: string, resource: sns.ITopic | kms.IKey, statement: iam.PolicyStatement, arn: string): void {
  const { statementAdded } = resource.addToResourcePolicy(statement);
  if (!statementAdded) {
    handOverWithWarning(scope, `${id}PolicyToAdd`, new iam.PolicyDocument({ statements: [statement] }), arn, `handedOver${id}Policy`);
  }
}
