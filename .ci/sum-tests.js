// Prints "N passed, N failed" over all JUnit reports of a folder, skipped tests left out; fails if a test failed, or none ran.
const { existsSync, readdirSync, readFileSync } = require('fs');
const { join } = require('path');

const [folder] = process.argv.slice(2);
const reports = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.xml')) : [];
const totals = reports.map((file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const [root] = text.match(/<testsuites [^>]*>/);
  const count = (attribute) => Number(new RegExp(`\\b${attribute}="(\\d+)"`).exec(root)?.[1] ?? 0);
  return { tests: count('tests') - text.split('<skipped/>').length + 1, failed: count('failures') + count('errors') };
});
const sum = (key) => totals.reduce((total, report) => total + report[key], 0);

console.log(`${sum('tests') - sum('failed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('tests') === 0 || sum('failed') > 0 ? 1 : 0;
