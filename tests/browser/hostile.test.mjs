// A portal of an organisation in which every text tries to run something. Opened without the policy that
// a server would add, so that what protects readers is the portal itself.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';
import { pages } from './site.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Each sets `pwned` or opens a dialog if anything lets it. */
const PAYLOADS = [
  '<script>window.pwned = 1</script>',
  '"><script>window.pwned = 1</script>',
  "'><img src=x onerror='window.pwned = 1'>",
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<details open ontoggle=alert(1)>',
  '<iframe srcdoc="<script>parent.pwned = 1</script>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<a href="javascript:alert(1)">x</a>',
  '</title><script>window.pwned = 1</script>',
  '</textarea><script>window.pwned = 1</script>',
  '--><script>window.pwned = 1</script>',
  '{{ 7 * 7 }}{% for a in b %}',
  '${7*7}#{7*7}',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<base href="https://attacker.example.com/">',
  '<style>*{background:url(https://attacker.example.com/)}</style>',
  '\u202egnp.exe \u0000 \u001b[31m',
  '__proto__ constructor toString hasOwnProperty',
];
const ADDRESSES = [
  'javascript:window.pwned=1',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'javascript&colon;alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  '//attacker.example.com/',
  'https://user:secret@attacker.example.com/',
  '\u0001javascript:alert(1)',
];

const quoted = (text) => JSON.stringify(text);

function write(folder, path, text) {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** An organisation with every payload in every free text, in Markdown, tags, facts and names. */
function organisation(folder) {
  write(folder, 'milepost.yaml', [
    `organisation: {name: ${quoted(PAYLOADS[1])}}`,
    'catalogHistory: digest',
    'sources:',
    '  - {name: repositories, kind: folder, path: repositories, repositories: children}',
    '  - {name: aws, kind: aws-recorded, path: aws}',
    `  - {name: ${quoted('x<img src=x onerror=alert(1)>')}, kind: folder, path: nowhere}`,
    '',
  ].join('\n'));
  const resources = [];
  PAYLOADS.forEach((payload, number) => {
    const address = ADDRESSES[number % ADDRESSES.length];
    const text = quoted(payload);
    const target = quoted(address);
    write(folder, `teams/t${number}.yaml`, [
      `teamId: t${number}`, `displayName: ${text}`, `description: ${text}`, `lead: ${text}`, `members: [${text}]`,
      `contacts: {email: ${text}, chat: ${target}, onCall: ${target}}`, `aliases: [${text}]`, '',
    ].join('\n'));
    write(folder, `repositories/r${number}/service.yaml`, [
      `serviceId: s${number}`, `displayName: ${text}`, `description: ${text}`, `ownerTeam: t${number}`,
      `technicalOwner: ${text}`, `businessOwner: ${text}`, `onCall: ${target}`, `failureImpact: ${text}`,
      `runtime: ${text}`, `region: ${text}`, `costCenter: ${text}`, 'accountId: "111122223333"',
      `exposure: {type: public, auth: ${text}, approvedBy: ${text}}`, `repository: ${text}`,
      `observability: {logs: ${text}, dashboard: ${target}, alarms: ${target}}`,
      `dataStores: [{name: ${text}, type: ${text}, schemaOwner: ${text}}]`,
      `dependsOn: [{external: ${text}}, {resource: ${text}}, ${quoted(payload.slice(0, 12))}]`,
      `links: {runbook: docs/r.md, dashboard: ${target}, docs: ${target}, evil: ${text}}`,
      `labels: {evil: ${text}}`, `attestations: [{check: x, by: ${text}, at: 2026-11-01, evidence: ${target}}]`,
      `${quoted('onerror=' + payload)}: 1`, '',
    ].join('\n'));
    write(folder, `repositories/r${number}/docs/r.md`, [
      `# ${payload}`, '', payload, '', `[link](${address})`, '', `![image](${address} "${payload}")`, '', `<${address}>`, '',
      `[ref]: ${address} '${payload}'`, '', '[ref]', '', '```mermaid', `graph TD; a["${payload}"]-->b`, `click a "${address}"`, '```', '',
      '```' + payload, payload, '```', '', `| ${payload} | b |`, '| --- | --- |', `| ${payload} | c |`, '', `- [ ] ${payload}`, '', `> [!NOTE]`, `> ${payload}`, '',
    ].join('\n'));
    write(folder, `exceptions/EX-2026-${1000 + number}.yaml`, [
      `exceptionId: EX-2026-${1000 + number}`, `service: s${number}`, 'control: c', `requestedBy: ${text}`, `reason: ${text}`,
      'risk: low', `compensatingControls: [${text}]`, 'requestedAt: 2026-11-01', 'expiresAt: 2026-12-01', `owner: ${text}`,
      `approvals: [{role: ${text}, by: ${text}, at: 2026-11-02}]`, `reviews: [{at: 2026-11-03, by: ${text}, note: ${text}}]`, '',
    ].join('\n'));
    write(folder, `golden-paths/p${number}.yaml`, [
      `goldenPathId: p${number}`, `title: ${text}`, `description: ${text}`, `constraints: [${text}]`, `docs: ${target}`,
      `supportChannel: ${target}`, `versions: [{version: "1", notes: ${text}, migration: ${target}}]`,
      `layers: {${quoted(payload)}: {provides: ${text}}}`, '',
    ].join('\n'));
    resources.push({ ResourceARN: `arn:aws:sqs:eu-central-1:111122223333:${payload}`, Tags: [{ Key: 'Service', Value: `s${number}` }, { Key: payload, Value: payload }] });
  });
  write(folder, 'accounts.yaml', `- {accountId: "111122223333", name: ${quoted(PAYLOADS[0])}, owner: t0, purpose: ${quoted(PAYLOADS[1])}}\n`);
  write(folder, 'controls/c.yaml', `controlId: c\ntitle: ${quoted(PAYLOADS[0])}\ndescription: ${quoted(PAYLOADS[2])}\n`);
  write(folder, 'scorecards/s.yaml', [
    'scorecardId: s', `title: ${quoted(PAYLOADS[0])}`, `description: ${quoted(PAYLOADS[1])}`, 'levels: [one]', 'rules:',
    `  - {id: r, level: one, title: ${quoted(PAYLOADS[2])}, why: ${quoted(PAYLOADS[3])}, assert: ${quoted(`service.displayName == "${'<script>alert(1)</script>'}"`)}, fix: ${quoted(PAYLOADS[4])}, controls: [c]}`, '',
  ].join('\n'));
  write(folder, 'aws/a.json', JSON.stringify({
    operation: 'tagging:GetResources', account: '111122223333', region: 'eu-central-1', collectedAt: '2026-11-20T03:00:00Z',
    answer: { ResourceTagMappingList: resources, PaginationToken: '' },
  }));
}

function binary() {
  const built = join(root, 'target/debug/milepost');
  if (!existsSync(built)) execFileSync('cargo', ['build', '--quiet'], { cwd: root, stdio: 'inherit' });
  return built;
}

describe('an organisation in which every text is hostile', () => {
  let folder;
  let browser;
  let portal;
  let site;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'milepost-hostile-'));
    organisation(join(folder, 'catalog'));
    site = join(folder, 'site');
    const built = spawnSync(binary(), ['build', join(folder, 'catalog'), '--out', site, '--now', '2026-11-21', '--quiet'], { cwd: folder, encoding: 'utf8' });
    assert.ok([0, 4].includes(built.status), built.stderr);
    portal = await serve(site, { policy: false });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await portal?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('runs nothing, plants nothing and leads nowhere it should not', async () => {
    const context = await browser.newContext({ bypassCSP: true });
    // A resource of each payload, its account, and the service of each: what is said of them is put in by a script.
    const asked = PAYLOADS.flatMap((payload, number) => [`arn:aws:sqs:eu-central-1:111122223333:${payload}`, `s${number}`, '111122223333']);
    const paths = [...pages(site), ...asked.map((thing) => `who/index.html?q=${encodeURIComponent(thing)}`)];
    let answered = 0;
    assert.ok(paths.length > PAYLOADS.length * 4, `only ${paths.length} pages`);
    for (const path of paths) {
      const { page, wrong } = await open(context, new URL(path, portal.address).href);
      if (path.includes('?')) {
        await page.waitForSelector('[data-who] h2');
        if (await page.locator('[data-who] dl.two').count()) answered += 1;
      }
      const planted = await page.evaluate(() => {
        const found = [];
        if ('pwned' in window) found.push('a script ran');
        for (const element of document.querySelectorAll('*')) {
          const name = element.localName;
          if (['iframe', 'object', 'embed', 'base', 'style', 'form', 'math', 'animate', 'set', 'foreignobject'].includes(name) && !(name === 'form' && element.matches('.filters, dialog *, [data-who] > form'))) found.push(`<${name}>`);
          if (name === 'script' && !/assets\/[a-z]+\.[0-9a-f]+\.js$|search\/.*\.js$/.test(element.getAttribute('src') ?? '')) found.push(`script ${element.outerHTML.slice(0, 80)}`);
          if (name === 'meta' && element.getAttribute('http-equiv') === 'refresh' && !/url=[^:]*$/i.test(element.content)) found.push('refresh');
          for (const attribute of element.attributes) {
            if (/^on/.test(attribute.name) || attribute.name === 'style' || attribute.name === 'srcdoc') found.push(`${attribute.name} on <${name}>`);
          }
          for (const attribute of ['href', 'src', 'action', 'formaction', 'xlink:href', 'poster']) {
            const value = element.getAttribute(attribute);
            if (value === null || (name === 'link' && attribute === 'href')) continue;
            const url = new URL(value, document.baseURI);
            if (!['http:', 'https:', 'mailto:'].includes(url.protocol)) found.push(`${attribute}="${value.slice(0, 60)}"`);
            if (url.username || url.password) found.push(`credentials in ${attribute}`);
          }
        }
        return found;
      });
      assert.deepEqual([...planted, ...wrong], [], path);
      await page.close();
    }
    assert.ok(answered > PAYLOADS.length * 2, `the seven questions were answered for ${answered} of ${asked.length}`);
    await context.close();
  });

  test('shows what was written as text', async () => {
    const context = await browser.newContext();
    const { page } = await open(context, new URL('services/s0/index.html', portal.address).href);
    assert.ok((await page.locator('main').innerText()).includes(PAYLOADS[0]));
    const { page: template } = await open(context, new URL('services/s13/index.html', portal.address).href);
    assert.ok((await template.locator('main').innerText()).includes('{{ 7 * 7 }}'));
    const { page: whose } = await open(context, new URL('who/index.html?q=s0', portal.address).href);
    await whose.waitForSelector('[data-who] dl.two');
    assert.ok((await whose.locator('[data-who]').innerText()).includes(PAYLOADS[0]));
    await context.close();
  });
});
