// Chromium over a built user interface with the invented plant.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The browser; `undefined`: there is none here. */
export const CHROMIUM =
  process.env.CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
/** The policy of the desktop window, so that what it would refuse is refused here too. */
const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; object-src 'none'";

/** Serves a build of mode `fake` (npm run ui:build:fake) on a free loopback port. */
export async function serve(folder = join(ROOT, 'target/ui-fake')) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(folder, path === '/' ? 'index.html' : resolve('/', path));
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'cache-control': 'max-age=3600',
    });
    response.end(await readFile(file));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export function launch() {
  if (CHROMIUM === undefined)
    throw new Error('there is no Chromium in /usr/bin: install it, or name it by CHROMIUM');
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

/** Two frames have been painted: what was asked for is on the screen. */
export const painted = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Pages of one context share what they have loaded. Nothing is caught half way: colours and panels change at once. */
export const newContext = (browser) => browser.newContext({ reducedMotion: 'reduce' });

/** Opens a place (see places.mjs) in a page of its own. */
export async function openPlace(context, base, place, { theme, size }) {
  const { query = '', screen = 1, page: file = '', act, ready } = place;
  const page = await context.newPage();
  await page.setViewportSize({ width: size[0], height: size[1] });
  page.setDefaultTimeout(10_000);
  const problems = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`${base}/${file}?${query}&theme=${theme}`);
  await page.waitForSelector('main h1, main h2');
  if (screen !== 1) {
    await page.keyboard.press(String(screen));
    // The screen that is opened bears the name of its place in the rail.
    await page.waitForFunction((number) => {
      const title = document.querySelector('main h1')?.textContent?.trim();
      const here = document.querySelector('nav [aria-current=page]')?.textContent ?? '';
      return title !== undefined && here.includes(String(number)) && here.includes(title);
    }, screen);
  }
  if (ready !== undefined) await page.waitForSelector(ready);
  await act?.(page);
  await painted(page);
  return { page, problems, close: () => page.close() };
}

/** The value after a flag of the command line. */
export function option(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}
