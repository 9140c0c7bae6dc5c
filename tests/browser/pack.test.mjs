// The summary in an evidence pack: opened from the disk as an auditor does, light and dark, wide and narrow, and printed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { launch, open } from './browser.mjs';
import { SITE } from './site.mjs';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const NAME = 'example-parcels-2026-11-21';

describe('the summary of a pack', () => {
  let browser;
  let folder;
  let address;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'milepost-'));
    // What the portal offers for download, unpacked by a program that is not ours.
    execFileSync('python3', ['-m', 'zipfile', '-e', join(SITE, 'evidence/packs', `${NAME}.zip`), folder]);
    address = pathToFileURL(join(folder, NAME, 'data/summary.html')).href;
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
      test(`has nothing for axe to find in ${colorScheme} at ${width} pixels`, async () => {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
        try {
          const { page, wrong } = await open(context, address);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          await page.evaluate(axe);
          // Loading style sheets once more is what axe does, and what a page from the disk may not.
          const found = await page.evaluate((values) => window.axe.run(document, { preload: false, runOnly: { type: 'tag', values } }), RULES);
          const violations = found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`);
          assert.deepEqual([...violations, ...wrong], []);
          assert.ok(overflow <= 0, `the page is ${overflow} pixels wider than the screen`);
        } finally {
          await context.close();
        }
      });
    }
  }

  test('prints whole on paper, with every exception on it', async () => {
    const context = await browser.newContext();
    try {
      const { page } = await open(context, address);
      await page.emulateMedia({ media: 'print' });
      // A4 without the margins of the style, at 96 pixels an inch.
      await page.setViewportSize({ width: 680, height: 980 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(overflow <= 0, `${overflow} pixels do not fit on the paper`);
      const exceptions = JSON.parse(readFileSync(join(folder, NAME, 'data/population/exceptions.json'), 'utf8'));
      assert.ok(exceptions.length > 5);
      const text = await page.locator('main').innerText();
      assert.deepEqual(exceptions.map((row) => row.exception).filter((id) => !text.includes(id)), []);
      const paper = await page.pdf({ format: 'A4' });
      assert.equal(paper.subarray(0, 5).toString(), '%PDF-');
    } finally {
      await context.close();
    }
  });

  test('has no error for the W3C checker', () => {
    const jar = require.resolve('vnu-jar/build/dist/vnu.jar');
    const page = join(dirname(new URL(address).pathname), 'summary.html');
    const output = execFileSync('java', ['-Xss4m', '-jar', jar, '--format', 'json', '--exit-zero-always', '--stdout', page], { encoding: 'utf8' });
    const errors = JSON.parse(output).messages.filter((message) => message.type === 'error');
    assert.deepEqual(errors.map((error) => `${error.lastLine} ${error.message}`), []);
  });
});
