// axe-core (WCAG 2.2 AA) over the screens, dialogs and rare states of the invented plant, in both themes.
//   node ui/e2e/axe.mjs [--only NAME]
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launch, openPage, serve } from './shots.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(400);
    }
  };
/** name: [query, screen, act] */
const PLACES = {
  plant: ['', 1],
  'plant 40': ['n=40', 1],
  'plant offline': ['state=offline', 1],
  'plant empty': ['state=empty', 1],
  'plant loading': ['state=loading', 1],
  'disk full': ['state=disk', 1],
  finder: ['', 1, press('Control+k')],
  keys: ['', 1, press('?')],
  'sign in': ['', 1, press('Alt+a')],
  alarms: ['', 3],
  'alarms many': ['alarms=many', 3],
  'alarms none': ['alarms=none', 3],
  'alarms history': ['', 3, (page) => page.getByRole('button', { name: 'History' }).click()],
  trends: ['', 2],
  configs: ['user=approver-1', 4],
  reports: ['', 5],
  settings: ['', 6],
  'first start': ['state=firststart', 1],
};

const at = process.argv.indexOf('--only');
const only = at < 0 ? '' : process.argv[at + 1];
const server = await serve();
const browser = await launch();
let found = 0;
for (const [name, [query, screen, act]] of Object.entries(PLACES)) {
  if (!name.includes(only)) continue;
  for (const theme of ['light', 'dark']) {
    const opened = await openPage(browser, server.base, { query: `${query}&theme=${theme}`, screen });
    await act?.(opened.page);
    await opened.page.waitForTimeout(400);
    await opened.page.evaluate(axe);
    const { violations } = await opened.page.evaluate(
      (values) => globalThis.axe.run({ runOnly: { type: 'tag', values } }),
      TAGS,
    );
    found += violations.length + opened.problems.length;
    for (const problem of opened.problems) process.stdout.write(`${name}, ${theme}: ${problem}\n`);
    for (const { id, help, nodes } of violations) {
      process.stdout.write(`${name}, ${theme}: ${id}: ${help}\n`);
      for (const node of nodes.slice(0, 3)) {
        process.stdout.write(
          `    ${node.html.slice(0, 160)}\n    ${node.failureSummary?.split('\n')[1]?.trim()}\n`,
        );
      }
    }
    await opened.close();
  }
}
await browser.close();
server.close();
process.stdout.write(`axe: ${found} findings\n`);
process.exitCode = found === 0 ? 0 : 1;
