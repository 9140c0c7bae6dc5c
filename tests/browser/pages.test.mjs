// One page of each kind, opened in light and dark, wide and narrow, and judged by axe; all pages by the
// W3C checker.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';
import { SITE, onePageOfEachKind } from './site.mjs';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const chosen = onePageOfEachKind((page) => statSync(join(SITE, page)).size);

describe('one page of each kind', () => {
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

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
      for (const path of chosen) {
        test(`${path} has nothing for axe to find in ${colorScheme} at ${width} pixels`, async () => {
          const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
          try {
            const { page, wrong } = await open(context, new URL(path, portal.address).href);
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            await page.evaluate(axe);
            const found = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values } }), RULES);
            const violations = found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`);
            assert.deepEqual([...violations, ...wrong], []);
            assert.ok(overflow <= 0, `the page is ${overflow} pixels wider than the screen`);
          } finally {
            await context.close();
          }
        });
      }
    }
  }

  for (const path of chosen) {
    test(`${path} is complete without scripts`, async () => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      try {
        const { page, wrong } = await open(context, new URL(path, portal.address).href);
        assert.equal(await page.locator('h1').count(), 1);
        assert.ok(await page.locator('main').isVisible());
        assert.deepEqual(wrong, []);
      } finally {
        await context.close();
      }
    });
  }
});

test('the W3C checker finds no error', () => {
  const files = chosen.map((page) => join(SITE, page));
  const jar = require.resolve('vnu-jar/build/dist/vnu.jar');
  const output = execFileSync('java', ['-Xss4m', '-jar', jar, '--format', 'json', '--exit-zero-always', '--stdout', ...files], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  const errors = JSON.parse(output).messages.filter((message) => message.type === 'error');
  assert.deepEqual(errors.slice(0, 10).map((error) => `${error.url}:${error.lastLine} ${error.message}`), []);
});
