import { narrowRanges } from '../../src/policy/ip-range';

test.each<[what: string, ranges: string[], narrow: string[]]>([
  ['a network', ['203.0.113.0/24'], ['203.0.113.0/24']],
  ['one /8', ['10.0.0.0/8'], ['10.0.0.0/8']],
  ['half of the internet', ['0.0.0.0/1'], []],
  ['a /6', ['52.0.0.0/6'], []],
  ['all of it in halves', ['0.0.0.0/1', '128.0.0.0/1'], []],
  ['a /7 in halves', ['52.0.0.0/8', '53.0.0.0/8'], []],
  ['a /7 in quarters that overlap', ['52.0.0.0/9', '52.0.0.0/8', '52.128.0.0/9', '53.0.0.0/9'], []],
  ['many networks that are more than a /8 together', Array.from({ length: 3 }, (_, i) => `${i * 2 + 51}.0.0.0/9`), []],
  ['two networks that are a /8 together', ['51.0.0.0/9', '53.0.0.0/9'], ['51.0.0.0/9', '53.0.0.0/9']],
  ['a network beside half of the internet', ['203.0.113.0/24', '0.0.0.0/1'], ['203.0.113.0/24']],
  ['an IPv6 network', ['2001:db8::/32'], ['2001:db8::/32']],
  ['a broad IPv6 range', ['2001::/16'], []],
  ['broad addresses of one version beside a network of the other', ['0.0.0.0/0', '2001:db8::/48'], ['2001:db8::/48']],
])('of %s, these can be somebody\'s network', (_, ranges, narrow) => {
  expect(narrowRanges(ranges)).toEqual(narrow);
});
