import { isAboutAccessPoints, namedAccessPoints } from '../../guarantees/grants';
import { found, notDecided, Rule } from '../finding';

export const accessPointDelegation: Rule = {
  id: 'AccessPointDelegation',
  requirement: 'A bucket delegates to access points of named accounts.',
  reason: 'Whoever makes an access point writes its policy.',
  severity: 'high',
  severityReason: 'An account that is not named can let callers in with an access point of its own.',
  guide: '5',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html#access-points-delegating-control',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap(({ policies, facts }) => policies.flatMap((document) => (document.policy?.statements ?? [])
    .filter((statement) => statement.effect === 'Allow' && isAboutAccessPoints(statement))
    .flatMap((statement) => {
      const proof = inventory.proveAllow(statement, document, namedAccessPoints(statement, facts), facts);
      const name = statement.sid ? `'${statement.sid}'` : statement.path;
      return [
        ...(proof.verdict === 'broken' ? [found(document.resource, `The statement ${name} delegates to access points of any account.`, "Hold 's3:DataAccessPointAccount' to account ids by StringEquals.", proof.counterexample)] : []),
        ...(proof.verdict === 'not-decided' ? [notDecided(document.resource, `Whether the statement ${name} delegates to any account is not decided: ${proof.reason}.`)] : []),
      ];
    }))),
};
