import { judge } from '../../src/checks/judge';
import { rulesOn } from '../../src/checks/rules-on';
import { deploymentOf } from '../../src/template/deployment-of';

const AUDIT = rulesOn({ levels: ['audit'] });

/** The trails of which the rule says something, and whether it is decided. */
function said(trails: Record<string, object>, rules = AUDIT): string[] {
  const resources = Object.entries(trails).map(([id, properties]) => [id, { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true, S3BucketName: 'amzn-s3-demo-logs', ...properties } }]);
  const template: any = {
    Parameters: { P: { Type: 'String' }, Stage: { Type: 'String', AllowedValues: ['prod', 'test'] } },
    Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    Resources: Object.fromEntries(resources),
  };
  return judge(deploymentOf([{ name: 'Stack', template, account: '111122223333', region: 'eu-west-1' }]), undefined, { rules })
    .filter(({ rule }) => rule.id === 'TrailValidation').map(({ isDecided, resource }) => `${resource.logicalId}: ${isDecided ? 'found' : 'not decided'}`);
}

describe('log file validation of a trail', () => {
  test.each<[string, object]>([
    ['that is left out', {}],
    ['that is false', { EnableLogFileValidation: false }],
    ['that is false as a text', { EnableLogFileValidation: 'false' }],
    ['that is no value', { EnableLogFileValidation: { Ref: 'AWS::NoValue' } }],
  ])('%s is a finding', (_, properties) => expect(said({ Trail: properties })).toEqual(['Trail: found']));

  test.each<[string, unknown]>([['true', true], ['true as a text', 'true']])('that is %s is none', (_, EnableLogFileValidation) => expect(said({ Trail: { EnableLogFileValidation } })).toEqual([]));

  test.each<[string, unknown]>([
    ['a parameter', { Ref: 'P' }],
    ['an import', { 'Fn::ImportValue': 'validation' }],
    ['a condition', { 'Fn::If': ['IsProd', true, false] }],
    ['a text of which it is not documented what it does', 'True'],
  ])('that depends on %s is not decided', (_, EnableLogFileValidation) => expect(said({ Trail: { EnableLogFileValidation } })).toEqual(['Trail: not decided']));

  test('is asked of each trail', () => expect(said({ One: { EnableLogFileValidation: true }, Two: {} })).toEqual(['Two: found']));

  test('is asked only where the level, or the rule by its name, is turned on', () => {
    expect(said({ Trail: {} }, rulesOn())).toEqual([]);
    expect(said({ Trail: {} }, rulesOn({ only: ['TrailValidation'] }))).toEqual(['Trail: found']);
  });
});
