// `schema` against a validator that is not ours: every schema is one, and the files of the example, the
// starter of `init` and the draft of `init --service` obey theirs, as read by another reader of YAML.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parseAllDocuments } from 'yaml';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const milepost = process.env.MILEPOST ?? join(root, 'target/debug/milepost');
const run = (words, cwd = root) => execFileSync(milepost, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

const ajv = new Ajv({ allErrors: true, strictTypes: false });
formats(ajv);
const schemas = JSON.parse(run(['schema']));
const validators = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));

/** The schema that the first line of a file names; every file that we write has one. */
const HEADER = /^# yaml-language-server: \$schema=(\S+)\n/;

function yamlFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.yaml'))
    .map(path => join(folder, path))
    .sort();
}

/** What is wrong with the documents in `file`. */
function wrong(file, validate) {
  return parseAllDocuments(readFileSync(file, 'utf8')).flatMap(document => {
    assert.deepEqual(document.errors, [], file);
    return validate(document.toJS()) ? [] : [ajv.errorsText(validate.errors)];
  });
}

function inTemporaryFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'milepost-'));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('every key that has examples has right ones', () => {
  let tried = 0;
  for (const [name, schema] of Object.entries(schemas)) {
    for (const shape of [schema, ...Object.values(schema.$defs ?? {})]) {
      for (const [key, value] of Object.entries(shape.properties ?? {})) {
        for (const example of value.examples ?? []) {
          const validate = ajv.compile({ $defs: schema.$defs, allOf: [value] });
          assert.ok(validate(example), `${name}: ${key}: ${ajv.errorsText(validate.errors)}`);
          tried += 1;
        }
      }
    }
  }
  assert.ok(tried > 150, `${tried}`);
});

test('what init writes names its schema and obeys it', () => {
  inTemporaryFolder(folder => {
    const catalog = join(folder, 'catalog');
    run(['init', catalog]);
    const files = yamlFiles(catalog);
    assert.ok(files.length > 20, `${files.length}`);
    for (const file of files) {
      const address = HEADER.exec(readFileSync(file, 'utf8'))?.[1];
      assert.ok(address, `${relative(catalog, file)} names no schema`);
      const schema = JSON.parse(readFileSync(resolve(dirname(file), address), 'utf8'));
      assert.deepEqual(wrong(file, ajv.compile(schema)), [], relative(catalog, file));
    }
  });
});

test('a draft names its schema and obeys it', () => {
  inTemporaryFolder(folder => {
    cpSync(join(root, 'README.md'), join(folder, 'README.md'));
    run(['init', '--service'], folder);
    const file = join(folder, 'service.yaml');
    const address = HEADER.exec(readFileSync(file, 'utf8'))?.[1];
    const schema = JSON.parse(readFileSync(resolve(folder, address), 'utf8'));
    assert.deepEqual(wrong(file, ajv.compile(schema)), []);
  });
});

test('descriptors of the example obey their schema, and a misspelt key does not', () => {
  const files = yamlFiles(join(root, 'catalog/teams'));
  assert.ok(files.length > 5, `${files.length}`);
  for (const file of files) assert.deepEqual(wrong(file, validators.team), [], file);
  assert.ok(validators.service({ serviceId: 'quote', ownerTeam: 'checkout' }));
  assert.ok(validators.service({ service: { name: 'quote', availability: { rto: '1h' } } }));
  assert.ok(!validators.service({ serviceId: 'quote', ownerTaem: 'checkout' }));
  assert.ok(!validators.service({ service: { name: 'quote', availability: { rot: '1h' } } }));
});
