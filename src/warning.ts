import { Stage, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** The prefix of the ids of all warnings and guardrails of this package. */
const PREFIX = 'cdk-secure-bucket:';

/** The full id of a warning or guardrail, as people acknowledge it. */
export function warningId(name: string): string {
  return `${PREFIX}${name}`;
}

/**
 * Warns of something about a construct, under an id that never changes, unless the construct or one around it has acknowledged that id:
 * `Validations.of(construct).acknowledge({ id: 'cdk-secure-bucket:…', reason: '…' })`, before or after.
 *
 * The CDK by itself finds no earlier acknowledgement on the construct itself or on the app, and `Annotations.addWarningV2` none of `Validations`.
 *
 * @param name the id without the prefix of this package
 */
export function warn(construct: IConstruct, name: string, text: string): void {
  const id = warningId(name);
  if (!isAcknowledged(construct, id)) {
    const { path } = construct.node;
    Validations.of(construct).addWarning(id, path === '' ? text : `'${path}': ${text}`); // the app has no path
  }
}

/** Writes the warnings of a stage that was synthesized before they were given: it is synthesized once more, and was validated, if that is wanted, the first time. */
export function writeWarnings(stage: Stage): void {
  stage.synth({ force: true, skipValidation: true });
}

/** Whether an id is acknowledged on a construct or around it. */
export function isAcknowledged(construct: IConstruct, id: string): boolean {
  return construct.node.scopes.some(({ node }) => node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .some(({ data }) => Object.keys(data ?? {}).some((key) => key.replace(/^annotation::/i, '') === id)));
}
