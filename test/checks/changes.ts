import { Templates } from './secure-templates';

/** A change of templates, with a name that says what it does. */
export type Change = readonly [name: string, change: (templates: Templates) => void];

export function properties({ producer }: Templates, logicalId: string): any {
  return producer.Resources[logicalId].Properties;
}

/** The statements of a policy of the producer; those of the dataset's bucket policy if nothing else is said. */
export function statements(templates: Templates, logicalId = 'DatasetPolicy'): any[] {
  const { PolicyDocument, KeyPolicy, Policy } = properties(templates, logicalId);
  return (PolicyDocument ?? KeyPolicy ?? Policy).Statement;
}

/** A statement by its Sid, wherever in the producer's policies it is. */
export function statement(templates: Templates, sid: string): any {
  const found = ['DatasetPolicy', 'Key', 'LogsPolicy', 'AccessPoint'].flatMap((id) => statements(templates, id)).find(({ Sid }) => Sid === sid);
  if (!found) {
    throw new Error(`no statement '${sid}'`);
  }
  return found;
}

/** Replaces a statement of the dataset's bucket policy by others. */
export function replace(templates: Templates, sid: string, ...others: any[]): void {
  const all = statements(templates);
  all.splice(all.indexOf(statement(templates, sid)), 1, ...others);
}

export function consumerStatements({ consumer }: Templates): any[] {
  return consumer.Resources.AppPolicy.Properties.PolicyDocument.Statement;
}
