import { Guarantee } from '../../policy/prove';
import { valueIn } from '../../policy/space/facet';
import { found, notDecided, Rule } from '../finding';

const ACCESS_POINT_KEYS = ['s3:dataaccesspointaccount', 's3:dataaccesspointarn', 's3:accesspointnetworkorigin'];

const STRANGE_ACCESS_POINT: Guarantee = {
  sentence: 'No access point of an account that the policy does not mention is let through.',
  needsAllow: () => true,
  breaches: [{ 'caller': ({ kind }) => kind === 'iam', 'access-point': (choice) => valueIn(choice, 's3:dataaccesspointaccount') === '999988887777' }],
};

export const accessPointDelegation: Rule = {
  id: 'AccessPointDelegation',
  requirement: 'A bucket delegates to access points of named accounts.',
  reason: 'Whoever makes an access point writes its policy.',
  guide: '5',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html#access-points-delegating-control',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap(({ policies, facts }) => policies.flatMap((document) => (document.policy?.statements ?? [])
    .filter(({ effect, conditions }) => effect === 'Allow' && conditions.some(({ key }) => ACCESS_POINT_KEYS.includes(key)))
    .flatMap((statement) => {
      const proof = inventory.proveAlone(statement, document, STRANGE_ACCESS_POINT, facts);
      const name = statement.sid ? `'${statement.sid}'` : statement.path;
      return [
        ...(proof.verdict === 'broken' ? [found(document.resource, `The statement ${name} delegates to access points of any account.`, "Hold 's3:DataAccessPointAccount' to account ids by StringEquals.", proof.counterexample)] : []),
        ...(proof.verdict === 'not-decided' ? [notDecided(document.resource, `Whether the statement ${name} delegates to any account is not decided: ${proof.reason}.`)] : []),
      ];
    }))),
};
