// `tags generate` in the hands of those who will read it: HCL by python-hcl2, templates by cfn-lint, TypeScript
// by its own parser, tag policies by their grammar. What each reads is held against the JSON of the service.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';
import { parse } from 'yaml';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const milepost = process.env.MILEPOST ?? join(root, 'target/debug/milepost');
const site = process.env.SITE ?? join(root, 'target/example-site');
const python = process.env.VALIDATORS_PYTHON ?? join(root, 'target/validators/bin');
const json = path => JSON.parse(readFileSync(join(site, 'api/v1', path), 'utf8'));

/** What `tags generate` prints; 3 says that a value was left out, 4 that some source was incomplete. */
function generate(service, format, ...more) {
  const named = service ? [service] : [];
  const words = ['tags', 'generate', ...named, '--format', format, ...more, '--catalog', 'catalog', '--now', '2026-11-21'];
  const ended = spawnSync(milepost, words, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.ok([0, 3, 4].includes(ended.status), `${words.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}

/** The tags that the record gives, as far as one value can be right. */
function recorded(id, environment) {
  const { fields, owner } = json(`services/${id}.json`);
  const from = {
    Service: 'serviceId', CostCenter: 'costCenter', Product: 'product',
    DataClassification: 'dataClassification', Criticality: 'criticality', ManagedBy: 'managedBy',
    LifecycleState: 'lifecycle.state',
  };
  const tags = Object.entries(from).map(([key, path]) => [key, fields[path]?.value]);
  const given = Object.fromEntries(tags.filter(([, value]) => value !== undefined));
  // A record may name its team by a former name; the tag has the id.
  return { ...given, OwnerTeam: owner.team, ...(environment && { Environment: environment }) };
}

/** Several services of the example, each with an environment that its record names. */
const CHOSEN = [['parcel-quote', 'eu-prod'], ['customs-bridge', 'prod'], ['demand-forecast', 'data-prod'], ['gift-cards', 'eu-prod']];

function inFile(name, text, work) {
  const folder = mkdtempSync(join(tmpdir(), 'milepost-'));
  try {
    const file = join(folder, name);
    writeFileSync(file, text);
    return work(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const bare = text => text.replace(/^"(.*)"$/, '$1');

/** The tags that a reader of HCL finds in a `default_tags` block. */
function readTerraform(text) {
  const read = 'import hcl2, json, sys; print(json.dumps(hcl2.load(open(sys.argv[1]))))';
  const output = inFile('tags.tf', text, file => execFileSync(join(python, 'python'), ['-c', read, file], { encoding: 'utf8' }));
  const [provider] = JSON.parse(output).provider;
  const [aws] = Object.values(provider);
  const { tags } = aws.default_tags[0];
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('__')).map(([key, value]) => [bare(key), bare(value)]));
}

function readCloudFormation(text) {
  return Object.fromEntries(parse(text).Tags.map(tag => [tag.Key, tag.Value]));
}

/** The calls of `add` in a module that TypeScript's parser finds nothing wrong with. */
function readCdk(text) {
  const module = ts.createSourceFile('tags.ts', text, ts.ScriptTarget.Latest, true);
  assert.deepEqual(module.parseDiagnostics.map(diagnostic => diagnostic.messageText), [], text);
  const tags = {};
  const visit = node => {
    if (ts.isCallExpression(node) && node.expression.getText().endsWith('.add')) {
      const [key, value] = node.arguments;
      assert.ok(ts.isStringLiteral(key) && ts.isStringLiteral(value), text);
      tags[key.text] = value.text;
    }
    ts.forEachChild(node, visit);
  };
  visit(module);
  return tags;
}

for (const [format, read] of [['terraform', readTerraform], ['cloudformation', readCloudFormation], ['cdk', readCdk]]) {
  test(`what ${format} reads is what the record says`, () => {
    for (const [id, environment] of CHOSEN) {
      assert.deepEqual(read(generate(id, format, '--environment', environment)), recorded(id, environment), id);
    }
  });
}

test('every service has tags that each tool can read', () => {
  const ids = json('services/index.json').services.map(row => row.id);
  let read = 0;
  for (const id of ids) {
    if (json(`services/${id}.json`).conflict?.length) continue;
    assert.equal(readCdk(generate(id, 'cdk')).Service, id);
    assert.equal(readCloudFormation(generate(id, 'cloudformation')).Service, id);
    read += 1;
  }
  assert.ok(read > 20, `${read} services`);
});

test('a template with the tags passes the linter of CloudFormation', () => {
  for (const [id, environment] of CHOSEN) {
    const tags = generate(id, 'cloudformation', '--environment', environment).replaceAll(/^/gm, '      ').trimEnd();
    const template = `AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n${tags}\n`;
    const linted = inFile('template.yaml', template, file => spawnSync(join(python, 'cfn-lint'), [file], { encoding: 'utf8' }));
    assert.equal(linted.status, 0, `${linted.stdout}${linted.stderr}\n${template}`);
  }
});

/** The grammar of a tag policy, as far as it is written: operators, spelling of keys, texts as values. */
function checkPolicy(text) {
  assert.ok([...text].length <= 10_000, 'longer than AWS takes');
  const { tags, ...rest } = JSON.parse(text);
  assert.deepEqual(rest, {});
  for (const [key, { tag_key, tag_value, ...other }] of Object.entries(tags)) {
    assert.deepEqual(other, {}, key);
    assert.deepEqual(Object.keys(tag_key), ['@@assign']);
    assert.equal(tag_key['@@assign'].toLowerCase(), key.toLowerCase());
    if (tag_value) {
      assert.deepEqual(Object.keys(tag_value), ['@@assign']);
      const values = tag_value['@@assign'];
      assert.ok(values.length > 0 && new Set(values).size === values.length, key);
      for (const value of values) assert.match(value, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
    }
  }
  return tags;
}

test('a tag policy follows its grammar, for one service and for the whole catalog', () => {
  const one = checkPolicy(generate('parcel-quote', 'policy'));
  assert.deepEqual(one.Service.tag_value['@@assign'], ['parcel-quote']);
  const all = checkPolicy(generate(null, 'policy'));
  const ids = json('services/index.json').services.map(row => row.id).filter(id => !json(`services/${id}.json`).conflict?.length);
  assert.deepEqual(new Set(all.Service.tag_value['@@assign']), new Set(ids));
  assert.deepEqual(all.Criticality.tag_value['@@assign'], ['tier-1', 'tier-2', 'tier-3', 'tier-4']);
});
