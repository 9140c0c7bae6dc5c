// `check --format sarif` against the published schema of SARIF 2.1.0, for every mistake in tests/broken.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import Ajv from 'ajv-draft-04';
import formats from 'ajv-formats';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const milepost = process.env.MILEPOST ?? join(root, 'target/debug/milepost');
const broken = join(root, 'tests/broken');

const schema = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
formats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));

/** What `check` prints for `path`; some configurations cannot be used at all, and then nothing is printed. */
function check(path) {
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 };
  const words = ['check', path, '--format', 'sarif', '--fail-on', 'never', '--now', '2026-11-21'];
  try {
    return execFileSync(milepost, words, options);
  } catch (ended) {
    assert.ok([2, 3, 4].includes(ended.status), `${path}: exit code ${ended.status}`);
    return ended.stdout;
  }
}

const cases = readdirSync(broken, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => join('tests/broken', entry.name));

test('every log is valid', () => {
  let results = 0;
  let fixes = 0;
  for (const path of [...cases, 'catalog']) {
    const printed = check(path);
    if (printed === '') continue;
    const log = JSON.parse(printed);
    assert.ok(validate(log), `${path}: ${ajv.errorsText(validate.errors)}`);
    for (const result of log.runs[0].results) {
      results += 1;
      fixes += result.fixes?.length ?? 0;
      assert.equal(log.runs[0].tool.driver.rules[result.ruleIndex].id, result.ruleId);
    }
  }
  assert.ok(results > 100 && fixes > 10, `${results} results, ${fixes} fixes`);
});

test('the schema refuses what is wrong', () => {
  const log = JSON.parse(check(cases[0]));
  log.runs[0].results[0].level = 'fatal';
  assert.ok(!validate(log));
});
