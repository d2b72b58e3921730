import { Statement } from '../../policy/document';
import { arnSegments } from '../../policy/pattern';
import { Guarantee } from '../../policy/prove';
import { ResourceFacts, valueIn } from '../../policy/space/facet';
import { found, notDecided, Rule } from '../finding';
import { members, textsOf } from '../perimeter-intent';

const ACCESS_POINT_KEYS = ['s3:dataaccesspointaccount', 's3:dataaccesspointarn', 's3:accesspointnetworkorigin'];

/** No access point of an account is let through that the statement does not name. */
function namedAccessPoints(statement: Statement, { account }: ResourceFacts): Guarantee {
  const accounts = new Set(members([statement], ACCESS_POINT_KEYS).flatMap((test) => textsOf(test).map((text) => (text.startsWith('arn:') ? arnSegments(text)[4] : text))));
  return {
    sentence: 'No access point of an account that the policy does not mention is let through.',
    needsAllow: () => true,
    breaches: [{
      'caller': ({ kind }) => kind === 'iam',
      'access-point': (choice) => {
        const owner = valueIn(choice, 's3:dataaccesspointaccount');
        return owner !== undefined && owner !== account && !accounts.has(owner);
      },
    }],
  };
}

export const accessPointDelegation: Rule = {
  id: 'AccessPointDelegation',
  requirement: 'A bucket delegates to access points of named accounts.',
  reason: 'Whoever makes an access point writes its policy.',
  guide: '5',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html#access-points-delegating-control',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap(({ policies, facts }) => policies.flatMap((document) => (document.policy?.statements ?? [])
    .filter(({ effect, conditions }) => effect === 'Allow' && conditions.some(({ key }) => ACCESS_POINT_KEYS.includes(key)))
    .flatMap((statement) => {
      const proof = inventory.proveAlone(statement, document, namedAccessPoints(statement, facts), facts);
      const name = statement.sid ? `'${statement.sid}'` : statement.path;
      return [
        ...(proof.verdict === 'broken' ? [found(document.resource, `The statement ${name} delegates to access points of any account.`, "Hold 's3:DataAccessPointAccount' to account ids by StringEquals.", proof.counterexample)] : []),
        ...(proof.verdict === 'not-decided' ? [notDecided(document.resource, `Whether the statement ${name} delegates to any account is not decided: ${proof.reason}.`)] : []),
      ];
    }))),
};
