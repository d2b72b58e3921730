import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/**
 * Reads policies of an app while it is being made. To render a policy merges its statements for good, where the app minimizes policies, and whoever waits for a
 * grant then waits for a statement that is no longer there: statements stay apart while they are read.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_iam.PolicyDocumentProps.html#minimize
 */
export function withUnmergedPolicies(scope: IConstruct, read: () => void): void {
  const documents = scope.node.findAll().flatMap((construct) => (construct instanceof iam.Policy || construct instanceof iam.ManagedPolicy ? [construct.document] : []));
  const before = documents.map((document) => ({ document, minimize: minimizes(document).minimize }));
  documents.forEach((document) => { minimizes(document).minimize = false; });
  try {
    read();
  } finally {
    before.forEach(({ document, minimize }) => { minimizes(document).minimize = minimize; });
  }
}

/** Whether a document merges its statements: a member of the CDK's own, which takes it once and has no other way to change it. */
function minimizes(document: iam.PolicyDocument): { minimize?: boolean } {
  return document as unknown as { minimize?: boolean };
}
