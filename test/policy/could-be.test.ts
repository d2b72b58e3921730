import { couldBe } from '../../src/policy/could-be';
import { UnknownForm, unknownText } from '../../src/policy/unknown-text';

const open = (form?: UnknownForm) => unknownText('Stack: Ref "Name"', form);
const STAGE = open({ pattern: '[a-z]+', kind: 'without-wildcards' });
const OWNER = open({ kind: 'account' });

test.each<[what: string, text: string, value: string, possible: boolean]>([
  ['a known text is itself', 'a-b', 'a-b', true],
  ['a known text is no other', 'a-b', 'a-c', false],
  ['a value of which nothing is known is anything', open(), 'a*', true],
  ['a value is what its pattern allows', STAGE, 'live', true],
  ['a value is nothing else', STAGE, 'Live', false],
  ['a part is what its pattern allows', `data-${STAGE}-logs`, 'data-live-logs', true],
  ['a part is nothing else', `data-${STAGE}-logs`, 'data-1-logs', false],
  ['a part of an ARN is nothing else', `arn:aws:s3:::${STAGE}`, 'arn:aws:s3:::data-1', false],
  ['what stands around it counts', `data-${STAGE}`, 'logs-live', false],
  ['an account has twelve digits', `arn:aws:iam::${OWNER}:root`, 'arn:aws:iam::111122223333:root', true],
  ['an account is no name', `arn:aws:iam::${OWNER}:root`, 'arn:aws:iam::partner:root', false],
  ['one of some values', `${open({ values: ['live', 'test'] })}-data`, 'stage-data', false],
  ['a part of a length', `${open({ length: { least: 3 } })}-data`, 'ab-data', false],
  ['two parts, however they are split', `${STAGE}${open({ pattern: '[0-9]+' })}`, 'live42', true],
  ['two parts that no split gives', `${STAGE}${open({ pattern: '[0-9]+' })}`, '42live', false],
  ['a part is not everybody', `${STAGE}${OWNER}`, '*', false],
  ['many parts may be anything', `${STAGE}${STAGE}${STAGE}${STAGE}`, '1', true],
])('%s', (_, text, value, possible) => expect(couldBe(text, value)).toBe(possible));
