// Screenshots of the screens over the invented plant, for looking at.
//   node ui/e2e/shots.mjs [--out DIR] [--only NAME] [--base URL]
// Needs a build of mode `fake` (npm run ui:build:fake), or --base of a dev server.
import { existsSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
/** The policy of the desktop window, so that what it would refuse is refused here too. */
const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; object-src 'none'";

/** Serves a built user interface on a free loopback port. */
export async function serve(folder = join(ROOT, 'target/ui-fake')) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(folder, path === '/' ? 'index.html' : resolve('/', path));
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    });
    response.end(await readFile(file));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });

/** Opens a page of the fake host and waits until something stands; `screen` is 1 to 6. */
export async function openPage(
  browser,
  base,
  { query = '', size = [1920, 1080], screen = 1, page = '' } = {},
) {
  const context = await browser.newContext({ viewport: { width: size[0], height: size[1] } });
  const opened = await context.newPage();
  const problems = [];
  opened.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  opened.on('pageerror', (error) => problems.push(String(error)));
  await opened.goto(`${base}/${page}?${query}`);
  await opened.waitForSelector('main');
  await opened.waitForTimeout(600);
  if (screen !== 1) await opened.keyboard.press(String(screen));
  await opened.waitForTimeout(900);
  return { page: opened, problems, close: () => context.close() };
}

const BIG = [1920, 1080];
const SMALL = [1366, 768];
/** name: [query, size, screen, page, act] */
export const SHOTS = {
  'plant-light': ['theme=light', BIG, 1],
  'plant-dark': ['theme=dark', BIG, 1],
  'plant-40-dark': ['theme=dark&n=40', BIG, 1],
  'plant-40-light': ['theme=light&n=40', BIG, 1],
  'plant-1366-light': ['theme=light', SMALL, 1],
  'plant-40-1366-dark': ['theme=dark&n=40', SMALL, 1],
  'plant-offline-dark': ['theme=dark&state=offline', BIG, 1],
  'plant-offline-1366-light': ['theme=light&state=offline', SMALL, 1],
  'plant-empty-light': ['theme=light&state=empty', BIG, 1],
  'plant-loading-light': ['theme=light&state=loading', BIG, 1],
  'trends-light': ['theme=light', BIG, 2],
  'trends-dark': ['theme=dark', BIG, 2],
  'trends-1366-light': ['theme=light', SMALL, 2],
  'alarms-light': ['theme=light', BIG, 3],
  'alarms-dark': ['theme=dark', BIG, 3],
  'alarms-1366-dark': ['theme=dark', SMALL, 3],
  'configs-light': ['theme=light&user=approver-1', BIG, 4],
  'configs-dark': ['theme=dark&user=approver-1', BIG, 4],
  'configs-1366-light': ['theme=light&user=approver-1', SMALL, 4],
  'reports-light': ['theme=light', BIG, 5],
  'settings-light': ['theme=light', BIG, 6],
  'settings-dark': ['theme=dark', BIG, 6],
  'firststart-light': ['theme=light&state=firststart', BIG, 1],
  'firststart-dark': ['theme=dark&state=firststart', BIG, 1],
  'passphrase-light': ['theme=light', [460, 420], 1, 'passphrase.html'],
};

const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};

async function main() {
  const out = option('--out') ?? join(ROOT, 'target/screens');
  const only = option('--only');
  mkdirSync(out, { recursive: true });
  const given = option('--base');
  const server = given ? { base: given, close: () => undefined } : await serve();
  const browser = await launch();
  let failed = false;
  for (const [name, [query, size, screen, page]] of Object.entries(SHOTS)) {
    if (only && !name.includes(only)) continue;
    const shot = await openPage(browser, server.base, { query, size, screen, page });
    await shot.page.screenshot({ path: join(out, `${name}.png`) });
    for (const problem of shot.problems) {
      failed = true;
      process.stderr.write(`${name}: ${problem}\n`);
    }
    process.stdout.write(`${name}\n`);
    await shot.close();
  }
  await browser.close();
  server.close();
  process.exitCode = failed ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
