// The function before the cache of CloudFront, run here with a store that we fill: where each address leads. That
// CloudFront runs it in the same way is proven by nobody but CloudFront.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const source = readFileSync(new URL('../../deploy/cloudfront/portal.js', import.meta.url), 'utf8');
const own = source.replace(/^import cf from 'cloudfront';$/m, '');
assert.notEqual(own, source, 'it asks for the store in the way that CloudFront has');

/** The function beside a store; without a release the key is missing, and the store throws as CloudFront's does. */
async function portal(release) {
  const cf = {
    kvs: () => ({
      get: async (key) => {
        if (key !== 'release' || release === undefined) throw new Error('KeyNotFound');
        return release;
      },
    }),
  };
  const handler = new Function('cf', `'use strict'; ${own}; return handler;`)(cf);
  return (uri) => handler({ request: { method: 'GET', uri, headers: {}, querystring: {} } });
}

test('every address leads into the release that counts', async () => {
  const ask = await portal('/releases/7-ab');
  const expected = {
    '/': '/releases/7-ab/index.html',
    '/services/': '/releases/7-ab/services/index.html',
    '/services/pay.roll/': '/releases/7-ab/services/pay.roll/index.html',
    '/assets/site.0a1b.css': '/releases/7-ab/assets/site.0a1b.css',
    '/api/v1/index.json': '/releases/7-ab/api/v1/index.json',
    '/evidence/packs/example-2026-11-21.zip': '/releases/7-ab/evidence/packs/example-2026-11-21.zip',
  };
  for (const [uri, leads] of Object.entries(expected)) assert.equal((await ask(uri)).uri, leads);
});

test('a page without its slash is led to its address', async () => {
  const ask = await portal('/releases/7-ab');
  for (const [uri, leads] of [['/services', '/services/'], ['/services/pay.roll', '/services/pay.roll/'], ['//evil.example', '/evil.example/']]) {
    const answer = await ask(uri);
    assert.deepEqual([answer.statusCode, answer.headers.location.value], [308, leads]);
  }
});

test('notes of the publisher, other releases and ways out are not there', async () => {
  const ask = await portal('/releases/7-ab');
  for (const uri of ['/.milepost/current.json', '/.milepost', '/releases/6-aa/index.html', '/releases', '/a/../.milepost/x.json', '/./x.html']) {
    assert.equal((await ask(uri)).statusCode, 404, uri);
  }
});

test('before anything is published it says so', async () => {
  const ask = await portal(undefined);
  assert.equal((await ask('/')).statusCode, 503);
});
