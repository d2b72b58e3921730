import { networkAsMeant, organizationAsMeant, perimeterIntent, serviceSourceAsMeant } from '../../src/guarantees/perimeters';
import { parsePolicy } from '../../src/policy/document';
import { drawnKind, unknownText } from '../../src/policy/unknown-text';
import { Guarantee } from '../../src/proof/guarantee';
import { prove } from '../../src/proof/prove';

const facts = { arn: 'arn:aws:s3:::dataset', objects: 'arn:aws:s3:::dataset/', account: '111122223333', partition: 'aws' };
const SERVICES = { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };
const NETWORK = { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, ...SERVICES };
const ORGANIZATION = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, ...SERVICES };
const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [facts.arn, `${facts.objects}*`], Condition });

/** The characters of names of roles and users. */
const EACH_CHARACTER = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-'];

type Meaning = (statements: readonly ReturnType<typeof deny>[]) => { guarantee: Guarantee; verdict: string };

function proved(statements: readonly object[], guaranteeOf: (policy: ReturnType<typeof parsePolicy>) => Guarantee) {
  const policy = parsePolicy({ Version: '2012-10-17', Statement: statements });
  const guarantee = guaranteeOf(policy);
  return { guarantee, verdict: prove(policy, guarantee, facts).verdict };
}

const network: Meaning = (statements) => proved(statements, (policy) => networkAsMeant(perimeterIntent(policy).network, policy.statements, facts));
const organization: Meaning = (statements) => proved(statements, (policy) => organizationAsMeant(perimeterIntent(policy).organization, facts));
const serviceSource: Meaning = (statements) => proved(statements, (policy) => serviceSourceAsMeant(perimeterIntent(policy).serviceSource, facts));

describe('a network perimeter', () => {
  test.each<[what: string, verdict: string, condition: any]>([
    ['as it should be', 'holds', NETWORK],
    ['a role by its ARN', 'holds', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Deploy' } }],
    ['roles of an account whose names begin alike', 'holds', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/cdk-*' } }],
    ['the service-linked roles of an account', 'holds', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/aws-service-role/*' } }],
    ['a role by its whole unique id and whatever follows', 'holds', { ...NETWORK, StringNotLike: { 'aws:userid': 'AROAEXAMPLEEXAMPLE123*' } }],
    ['sessions of a role by its unique id', 'holds', { ...NETWORK, StringNotLike: { 'aws:userid': 'AROAEXAMPLEEXAMPLE12:*' } }],
    ['a role by its ARN, ignoring case', 'holds', { ...NETWORK, StringNotEqualsIgnoreCase: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/deploy' } }],
    ['services that act for callers', 'holds', { ...NETWORK, Bool: { 'aws:ViaAWSService': 'false' } }],
    ['access points of the own account', 'holds', { ...NETWORK, ArnNotLike: { 's3:DataAccessPointArn': 'arn:aws:s3:*:111122223333:accesspoint/*' } }],
    ['a role name in any account', 'broken', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Admin' } }],
    ['all roles of an account', 'broken', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } }],
    ['all users of an account', 'broken', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/*' } }],
    ['all roles of an account, by what their names begin with', 'broken', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': EACH_CHARACTER.map((character) => `arn:aws:iam::111122223333:role/${character}*`) } }],
    ['all roles of any account, by what their names end with', 'broken', { ...NETWORK, StringNotLike: { 'aws:PrincipalArn': EACH_CHARACTER.map((character) => `arn:aws:iam::*:role/*${character}`) } }],
    ['all roles of an account, but for short names', 'broken', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/????*' } }],
    ['all roles that have a path', 'broken', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*/*' } }],
    ['all users of an account, by what their names begin with', 'broken', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': EACH_CHARACTER.map((character) => `arn:aws:iam::111122223333:user/${character}*`) } }],
    ['all federated users of an account, by their user ids', 'broken', { ...NETWORK, StringNotLike: { 'aws:userid': EACH_CHARACTER.map((character) => `111122223333:${character}*`) } }],
    ['the root user, by a pattern', 'broken', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:r*t' } }],
    ['roles by what some names begin with', 'holds', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': EACH_CHARACTER.slice(0, 26).map((character) => `arn:aws:iam::111122223333:role/${character}*`) } }],
    ['roles of an account whose names end alike', 'holds', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*Admin' } }],
    ['whoever of an account has a name behind any path', 'holds', { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:*/Admin' } }],
    ['the root user in capital letters, ignoring case', 'broken', { ...NETWORK, StringNotEqualsIgnoreCase: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:ROOT' } }],
    ['an account', 'broken', { StringNotEquals: { ...NETWORK.StringNotEquals, 'aws:PrincipalAccount': '111122223333' }, ...SERVICES }],
    ['everybody', 'broken', { ...NETWORK, StringNotLike: { 'aws:PrincipalArn': '*' } }],
    ['a tag', 'broken', { ...NETWORK, StringNotEqualsIfExists: { 'aws:PrincipalTag/network': 'exempt' } }],
    ['a user name', 'broken', { ...NETWORK, StringNotEqualsIfExists: { 'aws:username': 'admin' } }],
    ['a pattern of user ids', 'broken', { ...NETWORK, StringNotLike: { 'aws:userid': '*:admin' } }],
    ['access points of another account', 'broken', { ...NETWORK, ArnNotLike: { 's3:DataAccessPointArn': 'arn:aws:s3:*:444455556666:accesspoint/*' } }],
    ['members of an organization', 'broken', { StringNotEquals: { ...NETWORK.StringNotEquals, 'aws:PrincipalOrgID': 'o-exampleorgid' }, ...SERVICES }],
    ['callers with multi-factor authentication', 'broken', { ...NETWORK, BoolIfExists: { ...SERVICES.BoolIfExists, 'aws:MultiFactorAuthPresent': 'false' } }],
  ])('that exempts %s: %s', (_, verdict, condition) => {
    expect(network([deny(condition)]).verdict).toBe(verdict);
  });

  test.each<[what: string, verdict: string, condition: any]>([
    ['VPCs', 'holds', { StringNotEquals: { 'aws:SourceVpc': ['vpc-0abc123def4567890', 'vpc-1111111111111111'] } }],
    ['a VPC by its ARN', 'holds', { ArnNotLike: { 'aws:SourceVpcArn': 'arn:aws:ec2:*:111122223333:vpc/*' } }],
    ['a VPC by its Region and id, as the IAM page of condition keys does', 'holds', { ArnNotEquals: { 'aws:SourceVpcArn': 'arn:aws:ec2:us-east-1:*:vpc/vpc-1a2b3c4d' } }],
    ['a VPC by its id in any Region', 'holds', { ArnNotEquals: { 'aws:SourceVpcArn': 'arn:aws:ec2:*:*:vpc/vpc-1a2b3c4d' } }],
    ['VPCs of any account with ids that begin alike', 'broken', { ArnNotEquals: { 'aws:SourceVpcArn': 'arn:aws:ec2:us-east-1:*:vpc/vpc-1a*' } }],
    ['VPCs of any account', 'broken', { ArnNotLike: { 'aws:SourceVpcArn': 'arn:aws:ec2:*:*:vpc/*' } }],
    ['accounts of endpoints', 'holds', { StringNotEquals: { 'aws:VpceAccount': '111122223333' } }],
    ['an organization of endpoints', 'holds', { StringNotEquals: { 'aws:VpceOrgID': 'o-exampleorgid' } }],
    ['a unit of an organization of endpoints', 'holds', { 'ForAllValues:StringNotLike': { 'aws:VpceOrgPaths': 'o-exampleorgid/r-ab12/*' } }],
    ["the bucket's organization of endpoints, by a variable", 'holds', { StringNotEquals: { 'aws:VpceOrgID': '${aws:ResourceOrgID}' } }],
    ['a unit of any organization', 'broken', { 'ForAllValues:StringNotLike': { 'aws:VpceOrgPaths': '*/ou-ab12-11111111/*' } }],
    ['an address range', 'holds', { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
    ['an address range that is none', 'not-decided', { NotIpAddress: { 'aws:SourceIp': '203.0.113.300/24' } }],
    ['all of IPv4, written in IPv6', 'not-decided', { NotIpAddress: { 'aws:SourceIp': '::ffff:0:0/96' } }],
    ['half of the internet', 'broken', { NotIpAddress: { 'aws:SourceIp': '0.0.0.0/1' } }],
    ['the internet in pieces', 'broken', { NotIpAddress: { 'aws:SourceIp': Array.from({ length: 16 }, (__, i) => `${i * 16}.0.0.0/4`) } }],
    ['private addresses', 'broken', { NotIpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' } }],
    ['any endpoint', 'broken', { StringNotLike: { 'aws:SourceVpce': 'vpce-*' } }],
    ['an endpoint in capital letters, ignoring case', 'holds', { StringNotEqualsIgnoreCase: { 'aws:SourceVpce': 'VPCE-0ABC123DEF4567890' } }],
    ['an organization of endpoints in capital letters, ignoring case', 'holds', { StringNotEqualsIgnoreCase: { 'aws:VpceOrgID': 'O-EXAMPLEORGID' } }],
    ['whatever is no endpoint', 'broken', { Null: { 'aws:SourceVpce': 'true' } }],
  ])('of %s: %s', (_, verdict, condition) => {
    expect(network([deny({ ...condition, ...SERVICES })]).verdict).toBe(verdict);
  });

  test('an exemption that outsiders can meet is no hole where another deny stops every outsider', () => {
    const tagged = deny({ ...NETWORK, StringNotEqualsIfExists: { 'aws:PrincipalTag/network': 'exempt' } });
    const anyAdmin = deny({ ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Admin' } });
    expect([network([tagged, deny(ORGANIZATION)]).verdict, network([anyAdmin, deny(ORGANIZATION)]).verdict]).toEqual(['holds', 'holds']);
    const endingAlike = deny({ ...NETWORK, StringNotLike: { 'aws:PrincipalArn': '*:111122223333:role/Admin' } });
    expect(network([endingAlike, deny(ORGANIZATION)]).verdict).toBe('holds');
    const everyTag = deny({ ...NETWORK, StringNotLike: { 'aws:PrincipalTag/network': EACH_CHARACTER.map((character) => `${character}*`) } });
    expect(network([everyTag, deny(ORGANIZATION)]).verdict).toBe('broken');
    const everyRole = deny({ ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } });
    expect(network([everyRole, deny(ORGANIZATION)]).verdict).toBe('broken');
  });

  test.each<[what: string, key: string, pattern: string]>([
    ['everybody', 'aws:userid', '*'],
    ['everybody with a user id of two parts', 'aws:userid', '*:*'],
    ['all roles', 'aws:userid', 'AROA*'],
    ['all sessions of roles', 'aws:userid', 'AROA*:*'],
    ['all roles and users', 'aws:userid', 'A*'],
    ['all users', 'aws:userid', 'AIDA*'],
    ['everybody, by a character', 'aws:userid', '?*'],
    ['the root user', 'aws:userid', '111122223333'],
    ['the root user and all federated users', 'aws:userid', '111122223333*'],
    ['all federated users', 'aws:userid', '111122223333:*'],
    ['all federated users, by a character', 'aws:userid', '111122223333:?*'],
    ['all users by name', 'aws:username', '*'],
    ['all users by name, by a character', 'aws:username', '?*'],
    ['whoever has a tag', 'aws:PrincipalTag/x', '*'],
  ])('that exempts %s is broken whatever else denies (%s %s)', (_, key, pattern) => {
    const exempting = deny({ ...NETWORK, StringNotLike: { [key]: pattern } });
    const others = [deny(ORGANIZATION), deny({ StringNotEquals: { 'aws:PrincipalAccount': '111122223333' }, ...SERVICES })];
    expect([network([exempting]).verdict, ...others.map((other) => network([exempting, other]).verdict)]).toEqual(['broken', 'broken', 'broken']);
  });

  test.each<[what: string, verdict: string, key: string, pattern: string]>([
    ['a federated user', 'holds', 'aws:userid', '111122223333:ada'],
    ['a session name', 'broken', 'aws:userid', '*:ada'],
    ['a user name', 'broken', 'aws:username', 'ada'],
    ['user names that begin alike', 'broken', 'aws:username', 'ops-*'],
    ['the value of a tag', 'broken', 'aws:PrincipalTag/x', 'open'],
  ])('that exempts %s alone: %s; where another deny stops every outsider, it holds', (_, verdict, key, pattern) => {
    const exempting = deny({ ...NETWORK, StringNotLike: { [key]: pattern } });
    expect([network([exempting]).verdict, network([exempting, deny(ORGANIZATION)]).verdict]).toEqual([verdict, 'holds']);
  });

  test.each(['aws:username', 'aws:PrincipalTag/x'])('that ignores case where it exempts by %s holds where another deny stops every outsider', (key) => {
    const exempting = deny({ ...NETWORK, StringNotEqualsIgnoreCase: { [key]: 'Open' } });
    expect([network([exempting]).verdict, network([exempting, deny(ORGANIZATION)]).verdict]).toEqual(['broken', 'holds']);
  });

  test.each<[what: string, exceptions: string, conditions: any[]]>([
    ['services', 'AWS services that call by themselves', [NETWORK]],
    ['a role', 'AWS services that call by themselves and arn:aws:iam::111122223333:role/Deploy', [{ ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Deploy' } }]],
    ['each of many roles', 'AWS services that call by themselves, arn:aws:iam::111122223333:role/A, arn:aws:iam::111122223333:role/B, arn:aws:iam::111122223333:role/C, '
      + 'arn:aws:iam::111122223333:role/D and arn:aws:iam::111122223333:role/E',
    [{ ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': [...'ABCDE'].map((name) => `arn:aws:iam::111122223333:role/${name}`) } }]],
    ['services that act for callers', 'AWS services that call by themselves and AWS services that call with the credentials of a principal', [{ ...NETWORK, Bool: { 'aws:ViaAWSService': 'false' } }]],
    ['a role by its unique id', "AWS services that call by themselves and whoever has the user id 'AROAEXAMPLEEXAMPLE12:*'", [{ ...NETWORK, StringNotLike: { 'aws:userid': 'AROAEXAMPLEEXAMPLE12:*' } }]],
    ['a tag', "AWS services that call by themselves and whoever in the bucket's account or o-exampleorgid has the tag 'net' with the value 'open'",
      [{ ...NETWORK, StringNotEqualsIfExists: { 'aws:PrincipalTag/net': 'open' } }, ORGANIZATION]],
    ['a user name and a role name', "AWS services that call by themselves and whoever in the bucket's account or o-exampleorgid has the ARN 'arn:aws:iam::*:role/Admin' or the user name 'ada'",
      [{ ...NETWORK, StringNotEqualsIfExists: { 'aws:username': 'ada' }, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Admin' } }, ORGANIZATION]],
    ['service-linked roles of any account', 'AWS services that call by themselves and service-linked roles of all accounts',
      [{ ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-service-role/*' } }]],
    ['a VPC, whose id is unique in its Region only', 'AWS services that call by themselves and VPCs of other Regions with the same ids', [{ StringNotEquals: { 'aws:SourceVpc': 'vpc-0abc123def4567890' }, ...SERVICES }]],
    ['VPCs of other Regions, as the ARN of a VPC does', 'AWS services that call by themselves and VPCs of other Regions with the same ids', [{ ArnNotEquals: { 'aws:SourceVpcArn': 'arn:aws:ec2:*:*:vpc/vpc-1a2b3c4d' }, ...SERVICES }]],
    ['nobody else by a VPC of one Region', 'AWS services that call by themselves', [{ ArnNotEquals: { 'aws:SourceVpcArn': 'arn:aws:ec2:us-east-1:*:vpc/vpc-1a2b3c4d' }, ...SERVICES }]],
  ])('says that it exempts %s', (_, exceptions, conditions) => {
    const { guarantee: { sentence }, verdict } = network(conditions.map(deny));
    expect([verdict, sentence]).toEqual(['holds', `Requests from outside the networks that the policy mentions are denied, except for ${exceptions}.`]);
  });

  test('an exemption of service-linked roles in another deny exempts nobody else', () => {
    const tagged = deny({ ...NETWORK, StringNotEqualsIfExists: { 'aws:PrincipalTag/net': 'open' } });
    const organization_ = deny({ ...ORGANIZATION, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-service-role/*' } });
    expect(network([tagged, organization_]).guarantee.sentence).toMatch(/and service-linked roles of all accounts\.$/);
    expect(network([tagged, deny(ORGANIZATION)]).guarantee.sentence).not.toMatch(/service-linked/);
  });
});

describe('what is denied to some', () => {
  const intent = (...conditions: object[]) => {
    const { network: ofNetwork, organization: ofOrganization, serviceSource: ofServices } = perimeterIntent(parsePolicy({ Version: '2012-10-17', Statement: conditions.map(deny) }));
    return [ofNetwork.length, ofOrganization.length, ofServices.length];
  };

  test.each<[what: string, condition: object]>([
    ['a range', { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }],
    ['a range over plain HTTP', { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' }, Bool: { 'aws:SecureTransport': 'false' } }],
    ['an endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } }],
    ['an organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } }],
    ['services that call for an organization', { StringEquals: { 'aws:SourceOrgID': 'o-exampleorgid' }, Bool: { 'aws:PrincipalIsAWSService': 'true' } }],
  ])('is no perimeter: %s', (_, condition) => {
    expect(intent(condition)).toEqual([0, 0, 0]);
  });

  test('is no perimeter beside one', () => {
    expect(intent({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, NETWORK)).toEqual([1, 0, 0]);
  });

  test.each<[what: string, condition: object]>([
    ['stops whoever comes through no endpoint, too', { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } }],
    ['spares services', { StringEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, ...SERVICES }],
    ['spares a role', { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' }, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Deploy' } }],
    ['spares an endpoint', { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' }, StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } }],
    ['spares whoever comes through an endpoint', { Null: { 'aws:SourceVpce': 'true' } }],
  ])('is meant as a perimeter where it %s', (_, condition) => {
    expect(intent(condition)[0]).toBe(1);
  });
});

describe('an organization perimeter', () => {
  test.each<[what: string, verdict: string, condition: any]>([
    ['nobody', 'holds', ORGANIZATION],
    ["the bucket's organization, by a variable", 'holds', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' }, ...SERVICES }],
    ["a unit of the bucket's organization, by a variable", 'holds', { 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': '${aws:ResourceOrgID}/r-ab12/*' }, ...SERVICES }],
    ["the bucket's organization and another", 'holds', { StringNotEquals: { 'aws:PrincipalOrgID': ['${aws:ResourceOrgID}', 'o-exampleorgid'] }, ...SERVICES }],
    ["accounts without an organization, beside the bucket's organization", 'broken', { StringNotEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' }, Null: { 'aws:PrincipalOrgID': 'false' }, ...SERVICES }],
    ["whoever comes through an endpoint, beside the bucket's organization", 'broken',
      { StringNotEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}', 'aws:SourceVpce': 'vpce-0abc123def4567890' }, ...SERVICES }],
    ["nobody, where the bucket's organization is one that begins so", 'broken',
      { StringNotEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' }, StringLike: { 'aws:ResourceOrgID': 'o-a*' }, ...SERVICES }],
    ["nobody, where the bucket's organization is another than one", 'broken', { StringNotEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}', 'aws:ResourceOrgID': 'o-exampleorgid' }, ...SERVICES }],
    ['the organization of the caller', 'broken', { StringNotEquals: { 'aws:PrincipalOrgID': '${aws:PrincipalOrgID}' }, ...SERVICES }],
    ['an account', 'holds', { StringNotEquals: { ...ORGANIZATION.StringNotEquals, 'aws:PrincipalAccount': '444455556666' }, ...SERVICES }],
    ['a role of another account', 'holds', { ...ORGANIZATION, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/Partner' } }],
    ['all roles of another account', 'holds', { ...ORGANIZATION, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/*' } }],
    ['a role name in any account', 'broken', { ...ORGANIZATION, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Admin' } }],
    ['a tag', 'broken', { ...ORGANIZATION, StringNotEqualsIfExists: { 'aws:PrincipalTag/partner': 'yes' } }],
    ['accounts outside of any organization', 'broken', { ...ORGANIZATION, Null: { 'aws:PrincipalOrgID': 'false' } }],
    ['any organization by a pattern', 'broken', { StringNotLike: { 'aws:PrincipalOrgID': 'o-*' }, ...SERVICES }],
    ['callers over an endpoint', 'broken', { StringNotEquals: { ...ORGANIZATION.StringNotEquals, 'aws:SourceVpce': 'vpce-0abc123def4567890' }, ...SERVICES }],
  ])('that exempts %s: %s', (_, verdict, condition) => {
    expect(organization([deny(condition)]).verdict).toBe(verdict);
  });
});

test('an organization perimeter says whom it exempts', () => {
  const { guarantee: { sentence }, verdict } = organization([deny({ StringNotEquals: { ...ORGANIZATION.StringNotEquals, 'aws:PrincipalAccount': '444455556666' }, StringNotLike: { 'aws:userid': '777788889999:*' }, ...SERVICES })]);
  const exceptions = "AWS services that call by themselves, principals of the bucket's account, principals of 444455556666 and whoever has the user id '777788889999:*'";
  expect([verdict, sentence]).toEqual(['holds', `Callers from outside the organizations that the policy mentions are denied, except for ${exceptions}.`]);
});

describe('a perimeter of what services call for', () => {
  const SOURCE = { StringNotEqualsIfExists: { 'aws:SourceOrgID': 'o-exampleorgid' }, Null: { 'aws:SourceAccount': 'false' }, Bool: { 'aws:PrincipalIsAWSService': 'true' } };

  test.each<[what: string, verdict: string, condition: any]>([
    ['nothing', 'holds', SOURCE],
    ["accounts of the bucket's organization, by a variable", 'holds', { ...SOURCE, StringNotEqualsIfExists: { 'aws:SourceOrgID': '${aws:ResourceOrgID}' } }],
    ['a trusted account', 'holds', { ...SOURCE, StringNotEqualsIfExists: { ...SOURCE.StringNotEqualsIfExists, 'aws:SourceAccount': '444455556666' } }],
    ['a resource of the own account', 'holds', { ...SOURCE, ArnNotLikeIfExists: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/E1EXAMPLE' } }],
    ['a resource of another account', 'broken', { ...SOURCE, ArnNotLikeIfExists: { 'aws:SourceArn': 'arn:aws:cloudfront::444455556666:distribution/E1EXAMPLE' } }],
    ['accounts outside of any organization', 'broken', { ...SOURCE, Null: { ...SOURCE.Null, 'aws:SourceOrgID': 'false' } }],
    ['one service', 'broken', { ...SOURCE, StringNotEquals: { 'aws:PrincipalServiceName': 'logging.s3.amazonaws.com' } }],
  ])('that exempts %s: %s', (_, verdict, condition) => {
    expect(serviceSource([deny(condition)]).verdict).toBe(verdict);
  });
});

describe('ids that AWS draws', () => {
  const role = unknownText('Stack: Role.RoleId', { kind: drawnKind('AROA*', 'AWS::IAM::Role.RoleId') });
  const endpoint = unknownText('Stack: Endpoint', { kind: drawnKind('vpce-*', 'AWS::EC2::VPCEndpoint.Ref') });

  test.each<[what: string, verdict: string, condition: any]>([
    ['sessions of a role by its id', 'holds', { ...ORGANIZATION, StringNotLike: { 'aws:userid': `${role}:*` } }],
    ['sessions of a role by its id, or of any role', 'broken', { ...ORGANIZATION, StringNotLike: { 'aws:userid': [`${role}:*`, 'AROA*'] } }],
  ])('an organization perimeter that exempts %s: %s', (_, verdict, condition) => {
    expect(organization([deny(condition)]).verdict).toBe(verdict);
  });

  test.each<[what: string, verdict: string, endpoints: any]>([
    ['an endpoint by its id', 'holds', endpoint],
    ['an endpoint by its id, or any endpoint', 'broken', [endpoint, 'vpce-*']],
  ])('a network perimeter with %s: %s', (_, verdict, endpoints) => {
    expect(network([deny({ ...SERVICES, StringNotLike: { 'aws:SourceVpce': endpoints } })]).verdict).toBe(verdict);
  });
});

describe('a deny of single actions outside a network', () => {
  const [BUCKET, OBJECTS] = [facts.arn, `${facts.objects}*`];
  const about = (Action: unknown, Resource: unknown = [BUCKET, OBJECTS], condition: object = NETWORK) => ({ ...deny(condition), Action, Resource }) as ReturnType<typeof deny>;

  test.each<[string, ReturnType<typeof deny>]>([
    ['deletions', about('s3:DeleteObject*')],
    ['deletions of objects, without the bucket', about('s3:DeleteObject', OBJECTS)],
    ['several', about(['s3:PutBucketPolicy', 's3:DeleteObject'])],
    ['deletions of some objects', about('s3:DeleteObject', `${facts.objects}audit/*`)],
  ])('is meant for these alone: %s', (_, statement) => {
    expect(network([statement])).toMatchObject({ verdict: 'holds', guarantee: { sentence: expect.stringMatching(/^Requests for s3:/i) } });
  });

  test.each<[string, readonly ReturnType<typeof deny>[]]>([
    ['has one condition more', [about('s3:DeleteObject', OBJECTS, { ...NETWORK, StringLike: { 'aws:UserAgent': 'curl/*' } })]],
    ['is inverted', [about('s3:DeleteObject', OBJECTS, { StringEquals: NETWORK.StringNotEquals, ...SERVICES })]],
    ['is about the bucket, which has no objects to delete', [about('s3:DeleteObject', BUCKET)]],
    ['binds everybody but a role of any account', [about('s3:DeleteObject', OBJECTS, { ...NETWORK, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Admin' } })]],
    ['is for reads alone, and leaves versions and lists open', [about('s3:GetObject', OBJECTS)]],
    ['names no actions of S3', [about('sns:Publish')]],
    ['leaves actions out', [{ ...deny(NETWORK), Action: undefined, NotAction: 's3:DeleteObject*' } as unknown as ReturnType<typeof deny>]],
    ['stands beside one for everything that has a condition more', [about('s3:DeleteObject'), deny({ ...NETWORK, StringLike: { 'aws:UserAgent': 'curl/*' } })]],
  ])('is a mistake where it %s', (_, statements) => {
    expect(network(statements).verdict).toBe('broken');
  });
});
