// The schema of service.yaml in the YAML language server, which editors use: it completes keys and words in both
// shapes, shows what a key is for, and marks what is wrong, from the first line of a file alone.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const milepost = process.env.MILEPOST ?? join(root, 'target/debug/milepost');
const HEADER = '# yaml-language-server: $schema=service-v1.json\n';

/** The language server, spoken to over its standard streams. */
class Server {
  constructor() {
    const binary = join(here, 'node_modules/yaml-language-server/bin/yaml-language-server');
    this.process = spawn(process.execPath, [binary, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.asked = new Map();
    this.problems = new Map();
    this.waiting = new Map();
    let received = Buffer.alloc(0);
    this.process.stdout.on('data', part => {
      received = Buffer.concat([received, part]);
      for (;;) {
        const head = received.indexOf('\r\n\r\n');
        if (head < 0) return;
        const end = head + 4 + Number(/Content-Length: (\d+)/.exec(received.subarray(0, head))[1]);
        if (received.length < end) return;
        this.receive(JSON.parse(received.subarray(head + 4, end)));
        received = received.subarray(end);
      }
    });
  }

  receive({ id, method, params, result }) {
    if (method === 'textDocument/publishDiagnostics') {
      const messages = params.diagnostics.map(diagnostic => diagnostic.message);
      this.problems.set(params.uri, messages);
      this.waiting.get(params.uri)?.(messages);
    } else if (method !== undefined && id !== undefined) {
      // It asks for settings: there are none.
      this.send({ id, result: method === 'workspace/configuration' ? params.items.map(() => ({})) : null });
    } else if (id !== undefined) {
      this.asked.get(id)?.(result);
    }
  }

  send(message) {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  ask(method, params) {
    const id = this.asked.size + 1;
    const answer = new Promise(resolve => this.asked.set(id, resolve));
    this.send({ id, method, params });
    return answer;
  }

  open(uri, text) {
    this.send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text } } });
  }

  /** What it marks in the document, once it has looked. */
  marked(uri) {
    if (this.problems.has(uri)) return Promise.resolve(this.problems.get(uri));
    return new Promise(resolve => this.waiting.set(uri, resolve));
  }
}

let folder;
let server;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'milepost-'));
  writeFileSync(join(folder, 'service-v1.json'), execFileSync(milepost, ['schema', 'service']));
  server = new Server();
  await server.ask('initialize', { processId: null, rootUri: pathToFileURL(folder).href, capabilities: {} });
  server.send({ method: 'initialized', params: {} });
});

after(() => {
  server.process.kill();
  rmSync(folder, { recursive: true });
});

/** Opens `text`, in which `|` is where the writer is; gives the document and that place. */
function writing(name, text) {
  const uri = pathToFileURL(join(folder, `${name}.yaml`)).href;
  const whole = HEADER + text;
  const lines = whole.slice(0, whole.indexOf('|')).split('\n');
  server.open(uri, whole.replace('|', ''));
  return { textDocument: { uri }, position: { line: lines.length - 1, character: lines.at(-1).length } };
}

async function completions(name, text) {
  const answer = await server.ask('textDocument/completion', writing(name, text));
  return answer.items.map(item => item.label);
}

test('keys and words are completed, in both shapes', { timeout: 60_000 }, async () => {
  const keys = await completions('keys', 'serviceId: quote\n|');
  for (const key of ['ownerTeam', 'criticality', 'observability']) assert.ok(keys.includes(key), `${key} in ${keys}`);
  assert.ok(!keys.includes('serviceId'), 'it is there already');
  const words = await completions('words', 'serviceId: quote\ntype: |\n');
  assert.ok(words.includes('http-service') && words.includes('static-site'), `${words}`);
  const nested = await completions('nested', 'service:\n  name: quote\n  |\n');
  for (const key of ['owner', 'tier', 'availability']) assert.ok(nested.includes(key), `${key} in ${nested}`);
});

test('a key shows what it is for, with an example', { timeout: 60_000 }, async () => {
  const { contents } = await server.ask('textDocument/hover', writing('hover', 'serv|iceId: quote\n'));
  assert.match(contents.value, /Names the service for ever/);
  assert.match(contents.value, /parcel-quote/);
});

test('what is wrong is marked, and what is right is not', { timeout: 60_000 }, async () => {
  const wrong = writing('wrong', 'serviceId: quote\nownerTaem: checkout\n|');
  assert.deepEqual(await server.marked(wrong.textDocument.uri), ['Property ownerTaem is not allowed.']);
  const right = writing('right', 'service: {name: quote, availability: {rto: 4h}, observability: {pager: a}}\n|');
  assert.deepEqual(await server.marked(right.textDocument.uri), []);
});
