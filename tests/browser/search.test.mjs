// Search, filters, sorting and keys, as people use them.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';
import { SITE } from './site.mjs';

describe('search and keys', () => {
  let browser;
  let portal;
  before(async () => {
    portal = await serve(SITE);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await portal?.close();
  });

  /** Opens `path` in a context of its own; gives the page, what went wrong, and what ends it. */
  async function visit(path) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const { page, wrong } = await open(context, new URL(path, portal.address).href);
    return { page, wrong, end: () => context.close() };
  }

  /** Types `query` into the search and gives the texts of the results once they stand still. */
  async function search(page, query) {
    await page.keyboard.press('/');
    const box = page.locator('dialog[open] input[role=combobox]');
    await box.fill(query);
    let last = null;
    for (let round = 0; round < 60; round += 1) {
      await page.waitForTimeout(50);
      const texts = await page.locator('dialog[open] [role=option]').allInnerTexts();
      if (last !== null && texts.length > 0 && texts.join() === last.join()) return texts;
      last = texts;
    }
    return last;
  }

  for (const [query, expected] of [
    ['parcel-quote', 'parcel-quote'],
    ['quote', 'parcel-quote'],
    ['parcle-quote', 'parcel-quote'],
    ['regulatory', 'regulatory'],
    ['Parcel Quote', 'parcel-quote'],
  ]) {
    test(`"${query}" finds ${expected} first or near the top`, async () => {
      const { page, wrong, end } = await visit('index.html');
      const found = await search(page, query);
      const top = found.slice(0, query === 'parcel-quote' ? 1 : 5).join('\n').toLowerCase();
      assert.ok(top.includes(expected) || top.includes(expected.replace('-', ' ')), JSON.stringify(found));
      assert.deepEqual(wrong, []);
      await end();
    });
  }

  for (const query of ['qqqqzzzz', '<img src=x onerror=alert(1)>', 'hasOwnProperty', '"><script>zzzz']) {
    test(`${query} finds nothing, says so, and stays text`, async () => {
      const { page, wrong, end } = await visit('index.html');
      assert.deepEqual(await search(page, query), []);
      assert.match(await page.locator('dialog[open] [role=status]').innerText(), /nothing/i);
      assert.deepEqual(wrong, []);
      await end();
    });
  }

  test('arrows and Enter lead to the result, Escape leads out', async () => {
    const { page, end } = await visit('index.html');
    await search(page, 'parcel-quote');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('dialog[open]').count(), 0);
    await search(page, 'parcel-quote');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL(/services\/parcel-quote\//);
    await end();
  });

  test('g then s leads to the services, and not while typing', async () => {
    const { page, end } = await visit('index.html');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForURL(/services\/index\.html/);
    await page.locator('form.filters input[name=name]').click();
    await page.keyboard.type('gt');
    assert.match(page.url(), /services\/index\.html/);
    await end();
  });

  test('a filter is counted, goes to the address, and comes back with it', async () => {
    const { page, end } = await visit('services/index.html');
    const rows = page.locator('table[data-sortable] tbody tr:visible');
    const all = await rows.count();
    await page.locator('form.filters input[name=name]').fill('parcel');
    await page.waitForFunction((before) => [...document.querySelectorAll('table[data-sortable] tbody tr')].filter((row) => !row.hidden).length < before, all);
    const some = await rows.count();
    assert.ok(some > 0 && some < all, `${some} of ${all}`);
    assert.match(await page.locator('form.filters output').innerText(), new RegExp(`^${some} of ${all}`));
    await page.goto(page.url());
    assert.equal(await rows.count(), some);
    await end();
  });

  test('a column is sorted by its button, and says so', async () => {
    const { page, end } = await visit('services/index.html');
    const header = page.locator('table[data-sortable] th[data-key]').nth(1);
    await header.locator('button').click();
    assert.match(await header.getAttribute('aria-sort'), /ascending|descending/);
    assert.match(page.url(), /sort=/);
    await end();
  });

  test('the portal works from the disk', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const wrong = [];
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    await page.goto(pathToFileURL(join(SITE, 'index.html')).href);
    const found = await search(page, 'parcel-quote');
    assert.ok(found[0]?.toLowerCase().includes('parcel'), JSON.stringify(found));
    await page.keyboard.press('Enter');
    await page.waitForURL(/parcel-quote/);
    assert.deepEqual(wrong, []);
    await context.close();
  });
});
