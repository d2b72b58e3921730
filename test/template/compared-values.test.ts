import { deploymentOf } from '../../src/template/deployment-of';

const MAPPINGS = { Settings: { prod: { isPublic: true, tier: 1 } } };

function holds(compared: readonly unknown[], parameter: object = { Type: 'String' }, parameters?: Record<string, unknown>): boolean | undefined {
  const template = { Parameters: { P: parameter }, Mappings: MAPPINGS, Conditions: { C: { 'Fn::Equals': compared } }, Resources: {} };
  return deploymentOf([{ name: 'Stack', account: '111122223333', region: 'eu-west-1', parameters, template }]).stack('Stack')!.holds('C');
}

const P = { Ref: 'P' };
const MAPPED = { 'Fn::FindInMap': ['Settings', 'prod', 'isPublic'] };

describe('a boolean or a number is equal to the text of it', () => {
  test.each<[what: string, compared: readonly unknown[], parameter: object, parameters: Record<string, unknown> | undefined, expected: boolean | undefined]>([
    ['a default', [P, true], { Type: 'String', Default: 'true' }, undefined, true],
    ['a default that is a boolean', [P, 'true'], { Type: 'String', Default: true }, undefined, true],
    ['another default', [P, true], { Type: 'String', Default: 'false' }, undefined, false],
    ['what is given', [true, P], { Type: 'String' }, { P: 'true' }, true],
    ['the only value that is allowed', [P, true], { Type: 'String', AllowedValues: [true] }, undefined, true],
    ['a number', [P, 1], { Type: 'Number', Default: 1 }, undefined, true],
    ['another number', [P, 2], { Type: 'Number', Default: 1 }, undefined, false],
    ['a number that is written in another way', [P, 1], { Type: 'Number', Default: '1.0' }, undefined, undefined],
    ['a mapped boolean', [MAPPED, 'true'], {}, undefined, true],
    ['a mapped number', [{ 'Fn::FindInMap': ['Settings', 'prod', 'tier'] }, '1'], {}, undefined, true],
    ['an account', [{ Ref: 'AWS::AccountId' }, 111122223333], {}, undefined, true],
    ['another account', [{ Ref: 'AWS::AccountId' }, 444455556666], {}, undefined, false],
    ['elements of a list', [{ Ref: 'P' }, [1, 2]], { Type: 'List<Number>', Default: '1,2' }, undefined, true],
    ['a text that looks like a list', [P, ['a']], { Type: 'String', Default: '["a"]' }, undefined, false],
  ])('%s: %j', (_, compared, parameter, parameters, expected) => expect(holds(compared, parameter, parameters)).toBe(expected));
});
