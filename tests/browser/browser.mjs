// Starts the browser, and collects what a page did wrong while it was open.
import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

const CANDIDATES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A headless browser that asks nobody on the internet for anything. */
export async function launch() {
  const executablePath = CANDIDATES.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('no Chromium found; set CHROMIUM to its path');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** Opens `address`; `wrong` lists console errors, dialogs, and requests that leave the portal. */
export async function open(context, address) {
  const page = await context.newPage();
  const wrong = [];
  const origin = new URL(address).origin;
  page.on('console', (message) => message.type() === 'error' && wrong.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => wrong.push(`script error: ${error}`));
  page.on('dialog', async (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) wrong.push(`request to ${url.origin}`);
  });
  await page.goto(address, { waitUntil: 'load' });
  return { page, wrong };
}
