/** A template with declarations of the parameters, conditions and transforms that its changes need: without them, CloudFormation would refuse it. */
export function declared(template: any): any {
  const found = { references: new Set<string>(), conditions: new Set<string>(), isExtended: false };
  look(template, found);
  const names = [...found.references].map((name) => name.split('.')[0]).filter((name) => !name.startsWith('AWS::') && !(name in template.Resources));
  const conditions = [...found.conditions].filter((name) => !(name in (template.Conditions ?? {})));
  return {
    ...template,
    ...(found.isExtended ? { Transform: 'AWS::LanguageExtensions' } : {}),
    Parameters: { ...Object.fromEntries([...names, ...(conditions.length > 0 ? ['Stage'] : [])].map((name) => [name, { Type: 'String' }])), ...template.Parameters },
    Conditions: { ...Object.fromEntries(conditions.map((name) => [name, { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] }])), ...template.Conditions },
  };
}

function look(value: unknown, found: { references: Set<string>; conditions: Set<string>; isExtended: boolean }): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [key, argument] of Object.entries(value)) {
    switch (key) {
      case 'Ref': found.references.add(argument); break;
      case 'Fn::Sub': {
        const [text, variables = {}] = [argument].flat();
        [...text.matchAll(/\$\{([^!}][^}]*)}/g)].map(([, name]) => name).filter((name) => !(name in variables)).forEach((name) => found.references.add(name));
        break;
      }
      case 'Fn::If': found.conditions.add(argument[0]); break;
      case 'Fn::ToJsonString': found.isExtended = true; break;
    }
    look(argument, found);
  }
}
