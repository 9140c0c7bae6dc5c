// Whose is it: the page gives the answers of the command, to the same questions, and stays harmless.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';
import { SITE } from './site.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const MILEPOST = resolve(process.env.MILEPOST ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/milepost'));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What the example organisation knows, does not know, and knows to be unknown. */
const THINGS = [
  'arn:aws:dynamodb:eu-central-1:012345678901:table/quotes',
  'arn:aws:s3:::example-parcels-booking-labels',
  'arn:aws:elasticloadbalancing:eu-central-1:012345678901:targetgroup/tracking-api/1a2b3c4d5e6f7081',
  'arn:aws:lambda:eu-central-1:012345678901:function:duty-rates',
  'arn:aws:iam::999988887777:role/fax-gateway',
  'arn:aws:dynamodb:eu-central-1:012345678901:table/terraform-locks',
  'arn:aws:s3:::nobody-has-this',
  'arn:aws:sqs:eu-central-1:012345678901:never-heard-of',
  'arn:aws:sqs:mars-north-1:012345678901:never-heard-of',
  'arn:aws:sqs:ap-southeast-3:111122223333:refused',
  'arn:aws:iam::012345678901:role/nobody',
  'arn:aws:sqs:eu-central-1:987698769876:account-nobody-knows',
  'arn:aws:sqs:eu-central-1:no-account:thing',
  'arn:aws:sqs:eu-central-1:444455556666:never-heard-of',
  '012345678901',
  '111122223333',
  '987698769876',
  'parcel-quote',
  '@checkout',
  'Checkout',
  'dashboards.example.com',
  'https://wiki.example.com:443/anything?a=b',
  'Service=parcel-quote',
  'service = parcel-quote',
  'OwnerTeam=checkout',
  'Environment=eu-prod',
  'eu-prod',
  'cc-4711',
  'example-parcels/customs-bridge',
  'example-parcels/customs-bridge/deploy/main.tf',
  'https://github.com/example-parcels/customs-bridge/blob/main/service.yaml#L3',
  'git@github.com:example-parcels/customs-bridge.git',
  'nothing-is-called-so',
];

/** What the page shows as code stands between backticks on the command line. */
const bare = (text) => text.replaceAll('`', '');

/** What the page shows of one of the seven questions, by what the command says. */
function asked({ question, state, value, reason, of }, about) {
  const said = { answered: value, unanswered: 'Unanswered', unknown: `Unknown: ${bare(reason ?? '')}` }[state];
  return { question, state, said: said.length > 400 ? said.slice(0, 399) + '…' : said, of: about === 'resource' && of !== 'resource' ? `answer of its ${of}` : undefined };
}

/** Answers that the command gives, or nothing. */
function command(thing) {
  try {
    const output = execFileSync(MILEPOST, ['who', thing, '--catalog', join(root, 'catalog'), '--now', '2026-11-21', '--format', 'json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return JSON.parse(output);
  } catch (error) {
    // 4 is "done, but some source was incomplete".
    return error.status === 4 ? JSON.parse(error.stdout) : undefined;
  }
}

/** Opens the page with `thing` in its address and reads what it shows. */
async function shown(context, portal, thing) {
  const { page, wrong } = await open(context, new URL(`who/index.html?q=${encodeURIComponent(thing)}`, portal).href);
  await page.waitForSelector('[data-who] h2');
  const answer = await page.evaluate(() => {
    const out = document.querySelector('[data-who] [aria-live]');
    const texts = selector => [...out.querySelectorAll(selector)].map(found => found.textContent);
    return {
      heading: out.querySelector('h2').textContent,
      facts: [...out.querySelectorAll('dl:not(.two)')].map(list => Object.fromEntries([...list.querySelectorAll('dt')].map(term => [term.textContent, term.nextSibling.textContent]))),
      reasons: [...out.querySelectorAll('ol')].map(list => [...list.children].map(item => item.firstChild.textContent)),
      warnings: texts('.notice'),
      about: out.querySelector(':scope > div > p')?.textContent,
      seven: [...out.querySelectorAll('dl.two > div')].map(row => ({
        question: row.querySelector('dt').textContent,
        state: ['answered', 'unanswered', 'unknown'].find(state => row.querySelector('.badge').classList.contains(state)),
        said: row.querySelector('.badge').textContent,
        of: [...row.querySelectorAll('.origin')].map(origin => origin.textContent).find(text => text.startsWith('answer of its ')),
      })),
      notes: [...out.children].filter(child => child.localName === 'p' && !child.className).map(child => child.textContent),
    };
  });
  return { page, wrong, answer };
}

describe('whose is it', () => {
  let browser;
  let portal;
  let context;
  before(async () => {
    portal = await serve(SITE);
    browser = await launch();
    context = await browser.newContext();
  });
  after(async () => {
    await browser?.close();
    await portal?.close();
  });

  for (const thing of THINGS) {
    test(`${thing} has the answer of the command`, async () => {
      const said = command(thing);
      const { page, wrong, answer } = await shown(context, portal.address, thing);
      await page.close();
      assert.deepEqual(wrong, []);
      if (!said) {
        assert.match(answer.notes[0], /Nothing is known of it here/);
        return;
      }
      assert.equal(answer.heading, `${thing}, ${said.kind}`);
      const nobody = said.owners.every(({ service, team }) => !service && !team);
      assert.deepEqual(answer.notes, [...(nobody ? ['Nobody is known to own it.'] : []), ...said.notes.map(bare)]);
      assert.deepEqual(answer.reasons, said.owners.map(({ reasons }) => reasons.map(({ says }) => bare(says))));
      const known = said.owners.filter(({ service, team, onCall }) => service || team || onCall);
      assert.equal(answer.facts.length, known.length);
      for (const [at, { service, team, onCall }] of known.entries()) {
        const facts = answer.facts[at];
        for (const [id, name] of [[service, 'Service'], [team, 'Team']]) {
          if (id) assert.ok(facts[name] === id || facts[name].endsWith(`(${id})`), `${facts[name]} is ${id}`);
          else assert.equal(facts[name], undefined);
        }
        assert.equal(facts['On call'] ?? null, onCall);
      }
      const warnings = said.owners.flatMap(({ contested, undeclaredAccount }) => [
        ...(contested ? [bare(`Contested: ${contested}`)] : []),
        ...(undeclaredAccount ? ['The service does not declare the account that it lies in.'] : []),
      ]);
      assert.deepEqual(answer.warnings, warnings);
      const about = said.askedOf?.kind;
      assert.deepEqual(answer.seven, (said.ownershipQuestions ?? []).map((question) => asked(question, about)));
      if (about === 'resource') assert.match(answer.about, /about the resource itself/);
      else assert.equal(answer.about, about && `These are the answers of the ${about} ${said.askedOf.id}.`);
    });
  }

  test('the things that are asked are of every sort: known, contested, unknown and unheard of', () => {
    const said = THINGS.map(command);
    assert.ok(said.some((answer) => answer === undefined));
    assert.ok(said.some((answer) => answer?.notes.some((note) => note.includes('is unknown'))));
    assert.ok(said.some((answer) => answer?.notes.some((note) => note.includes('it is gone, or never had one'))));
    assert.deepEqual(new Set(said.flatMap((answer) => answer?.kind ?? [])), new Set(['a resource', 'an account', 'a service', 'a team', 'a host', 'a tag', 'a path in a repository']));
  });

  test('seven answers come from the resource, its service and its account, and some are nobody\'s or unknown', () => {
    const said = THINGS.map(command).filter((answer) => answer?.ownershipQuestions);
    assert.deepEqual(new Set(said.map(({ askedOf }) => askedOf.kind)), new Set(['resource', 'service', 'account']));
    const ofResources = said.filter(({ askedOf }) => askedOf.kind === 'resource').flatMap(({ ownershipQuestions }) => ownershipQuestions);
    assert.deepEqual(new Set(ofResources.map(({ of }) => of)), new Set(['resource', 'service', 'account']));
    assert.deepEqual(new Set(ofResources.map(({ state }) => state)), new Set(['answered', 'unanswered', 'unknown']));
  });

  test('a lookup takes a few small files, and links lead to pages that exist', async () => {
    const fresh = await browser.newContext();
    const page = await fresh.newPage();
    const sizes = [];
    page.on('response', async (response) => response.url().includes('/search/who/') && sizes.push((await response.body()).length));
    await page.goto(new URL(`who/index.html?q=${encodeURIComponent(THINGS[0])}`, portal.address).href);
    await page.waitForSelector('[data-who] dl.two');
    assert.ok(sizes.length <= 5, `${sizes.length} files`);
    assert.ok(Math.max(...sizes) < 100_000, `${sizes}`);
    for (const href of await page.locator('[data-who] dl a').evaluateAll((links) => links.map((link) => link.href))) {
      assert.equal((await fresh.request.get(href)).status(), 200, href);
    }
    await fresh.close();
  });

  for (const hostile of ['<img src=x onerror=alert(1)>', '__proto__', 'constructor', 'javascript:alert(1)', '"><script>alert(1)</script>', 'arn:aws:s3:::<b>x</b>', 'a'.repeat(5000), '\u202eexe.tset', '=', '://', '/', '@']) {
    test(`${hostile.slice(0, 40)} stays text`, async () => {
      const { page, wrong, answer } = await shown(context, portal.address, hostile);
      assert.ok(answer.heading.startsWith(hostile), answer.heading);
      assert.equal(await page.locator('[data-who] :is(img, b, script)').count(), 0);
      assert.deepEqual(wrong, []);
      await page.close();
    });
  }

  test('a slip of the finger is answered with the nearest names', async () => {
    const { page } = await shown(context, portal.address, 'parcle-quote');
    assert.ok((await page.locator('[data-who] ul a').allInnerTexts()).includes('parcel-quote'));
    await page.close();
  });

  test('it works from a folder, without any server', async () => {
    const { page, wrong, answer } = await shown(context, pathToFileURL(join(SITE, 'index.html')).href, 'Service=parcel-quote');
    assert.match(answer.facts[0].Service, /parcel-quote/);
    assert.deepEqual(wrong, []);
    await page.close();
  });

  test('what is pasted is looked up, and its address can be sent', async () => {
    const { page } = await open(context, new URL('who/index.html', portal.address).href);
    await page.locator('[data-who] input').fill('parcel-quote');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-who] h2');
    assert.equal(new URL(page.url()).searchParams.get('q'), 'parcel-quote');
    await page.close();
  });

  test('a file that does not arrive leaves it unknown', async () => {
    const fresh = await browser.newContext();
    await fresh.route('**/search/who/**', (route) => route.abort());
    const page = await fresh.newPage();
    await page.goto(new URL('who/index.html?q=parcel-quote', portal.address).href);
    await page.waitForSelector('[data-who] [aria-live] p');
    assert.match(await page.locator('[data-who] [aria-live]').innerText(), /remains unknown here/);
    await fresh.close();
  });

  test('answers that do not arrive leave the seven questions unknown, and the owner known', async () => {
    const fresh = await browser.newContext();
    await fresh.route('**/search/who/s/**', (route) => route.abort());
    const page = await fresh.newPage();
    await page.goto(new URL('who/index.html?q=parcel-quote', portal.address).href);
    await page.waitForSelector('[data-who] h2');
    assert.match(await page.locator('[data-who] dl').innerText(), /parcel-quote/);
    assert.match(await page.locator('[data-who]').innerText(), /the rest of the answer remains unknown here/);
    await fresh.close();
  });

  test('each row of a list of resources leads to whose it is', async () => {
    const { page } = await open(context, new URL('resources/012345678901/index.html', portal.address).href);
    const links = await page.locator('tbody td code a').evaluateAll((found) => found.map((link) => [link.textContent, link.href]));
    assert.equal(links.length, await page.locator('tbody tr').count());
    for (const [arn, href] of links) assert.equal(new URL(href).searchParams.get('q'), arn);
    await page.goto(links[0][1]);
    await page.waitForSelector('[data-who] dl.two');
    assert.ok((await page.locator('[data-who] h2').innerText()).startsWith(links[0][0]));
    await page.close();
  });

  test('the search offers to say whose an ARN is, and g w leads here', async () => {
    const { page } = await open(context, new URL('index.html', portal.address).href);
    await page.keyboard.press('/');
    await page.locator('dialog[open] input[role=combobox]').fill(THINGS[0]);
    await page.locator('#found-who').click();
    await page.waitForSelector('[data-who] h2');
    await page.goto(new URL('index.html', portal.address).href);
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.waitForURL('**/who/index.html**');
    await page.close();
  });

  test('an answer has nothing for axe to find, in light and dark, wide and narrow', async () => {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [1280, 320]) {
        const fresh = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
        const { page } = await shown(fresh, portal.address, THINGS[0]);
        await page.evaluate(axe);
        const found = await page.evaluate(() => window.axe.run(document));
        assert.deepEqual(found.violations.map(({ id }) => id), []);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(overflow <= 0, `${overflow} pixels too wide`);
        await fresh.close();
      }
    }
  });
});
