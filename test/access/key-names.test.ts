import { Inventory } from '../../src/access/inventory';
import { deploymentOf } from '../../src/template/deployment-of';

const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' }] };

const Resources = {
  Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: POLICY } },
  Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/data', TargetKeyId: { Ref: 'Key' } } },
};

const inventory = new Inventory(deploymentOf([{ name: 'Stack', account: '111122223333', region: 'eu-west-1', template: { Resources } }]));

test.each([['eu-west-1', true], ['us-east-1', false]])('the ARN of an alias in %s: is it of the key in eu-west-1? %s', (region, isIt) => {
  expect(inventory.keyNamed(`arn:aws:kms:${region}:111122223333:alias/data`, { account: '111122223333', region: 'eu-west-1' }) !== undefined).toBe(isIt);
});
