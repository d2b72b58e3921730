/** What the handler of `AccountPublicAccessBlock` may call, and does. */
export const HANDLER_ACTIONS = ['s3:GetAccountPublicAccessBlock', 's3:PutAccountPublicAccessBlock'];

/**
 * The handler of `AccountPublicAccessBlock`, as CloudFormation takes it in a template: 4,096 characters at most.
 *
 * It reads first, and writes only what is off. A write that is refused is no failure if a second look shows that all is on, by a policy of the organization.
 * Deleting changes nothing. The physical id stays the same: nothing is ever replaced.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export const HANDLER = `
const { S3ControlClient, GetPublicAccessBlockCommand, PutPublicAccessBlockCommand } = require('@aws-sdk/client-s3-control');
const https = require('https');
const SETTINGS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];

async function areAllOn(client, AccountId) {
  try {
    const { PublicAccessBlockConfiguration: settings } = await client.send(new GetPublicAccessBlockCommand({ AccountId }));
    return SETTINGS.every((setting) => settings && settings[setting] === true);
  } catch (error) {
    if (error.name === 'NoSuchPublicAccessBlockConfiguration') {
      return false;
    }
    throw error;
  }
}

async function block(client, AccountId) {
  if (await areAllOn(client, AccountId)) {
    return;
  }
  try {
    const PublicAccessBlockConfiguration = Object.fromEntries(SETTINGS.map((setting) => [setting, true]));
    await client.send(new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration }));
  } catch (error) {
    const status = error.$metadata && error.$metadata.httpStatusCode;
    if (status !== 403) {
      throw error;
    }
    if (!(await areAllOn(client, AccountId))) {
      throw new Error('Block Public Access of account ' + AccountId + ' is not on, and S3 refuses to turn it on: ' + error.message
        + '. Either an S3 policy of the organization manages it (then attach one that assigns "all"), or a service control policy denies'
        + ' s3:PutAccountPublicAccessBlock to the role of this function (then spare the role there).');
    }
  }
}

function answer(event, Status, Reason) {
  const { ResponseURL, StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({ Status, Reason, StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'AccountPublicAccessBlock' });
  return new Promise((resolve, reject) => {
    const options = { method: 'PUT', headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) } };
    https.request(ResponseURL, options, resolve).on('error', reject).end(body);
  });
}

exports.handler = async (event) => {
  try {
    if (event.RequestType !== 'Delete') {
      await block(new S3ControlClient({ retryMode: 'standard', maxAttempts: 8 }), event.ResourceProperties.AccountId);
    }
  } catch (error) {
    return void (await answer(event, 'FAILED', error.name + ': ' + error.message));
  }
  await answer(event, 'SUCCESS', 'Block Public Access is on.');
};
`.trim();
