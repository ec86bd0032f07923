// Every state of every screen in both themes and sizes: texts cut off or on each other, a page that scrolls sideways,
// errors of the page, and axe-core (WCAG 2.2 AA).
//   node ui/e2e/layout.mjs [--only NAME]
// Needs a build of mode `fake` (npm run ui:build:fake), or --base URL of a development server (npm run ui:dev). A picture of each finding: target/layout/.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { launch, newContext, openPlace, option, painted, ROOT, serve } from './browser.mjs';
import { measure } from './measure.mjs';
import { PLACES, SIZES, THEMES } from './places.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const OUT = join(ROOT, 'target/layout');
/** Pages at a time: as many as a small computer has processors. */
const AT_ONCE = 2;

const CONTRAST = 'color-contrast';
/** Colours depend on the theme, names and roles on what the size leaves: each is looked at where it may differ. */
const AXE_RULES = [
  { type: 'tag', values: TAGS },
  { type: 'rule', values: [CONTRAST] },
  { type: 'tag', values: TAGS, without: CONTRAST },
];

/** What axe finds. */
async function axe(page, { without, ...runOnly }) {
  const rules = without === undefined ? {} : { [without]: { enabled: false } };
  const violations = await page.evaluate(async (options) => (await globalThis.axe.run(options)).violations, {
    runOnly,
    rules,
    resultTypes: ['violations'],
  });
  const one = ({ html, failureSummary }) =>
    `\n      ${html.slice(0, 160)} ${failureSummary?.split('\n')[1]?.trim() ?? ''}`;
  return violations.map(({ id, help, nodes }) => `${id}: ${help}${nodes.slice(0, 3).map(one).join('')}`);
}

/** All findings of a place, by size and theme. One page serves them all: the theme and the size change under it. */
async function look(context, base, name, place) {
  const sizes = place.size === undefined ? Object.entries(SIZES) : [['own', place.size]];
  const looks = sizes.flatMap(([sizeName, size]) => THEMES.map((theme) => ({ sizeName, size, theme })));
  const findings = [];
  const { page, problems, close } = await openPlace(context, base, place, {
    theme: THEMES[0],
    size: sizes[0][1],
  });
  await page.evaluate(AXE);
  for (const [at, { sizeName, size, theme }] of looks.entries()) {
    await page.setViewportSize({ width: size[0], height: size[1] });
    await page.evaluate((value) => (document.documentElement.dataset.theme = value), theme);
    await painted(page);
    const rules = AXE_RULES[at];
    const seen = [...(await page.evaluate(measure)), ...(rules === undefined ? [] : await axe(page, rules))];
    if (seen.length === 0) continue;
    const file = `${name}-${sizeName}-${theme}`;
    await page.screenshot({ path: join(OUT, `${file}.png`) });
    findings.push(...seen.map((text) => `${file}: ${text}`));
  }
  await close();
  return [...findings, ...problems.map((problem) => `${name}: ${problem}`)];
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const started = Date.now();
const given = option('--base');
const server = given === undefined ? await serve() : { base: given, close: () => undefined };
const browser = await launch();
const waiting = Object.entries(PLACES).filter(([name]) => name.includes(option('--only') ?? ''));
let looked = 0;
let found = 0;
async function lookOn() {
  const context = await newContext(browser);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, place] = next;
    const findings = await look(context, server.base, name, place).catch((error) => [`${name}: ${error}`]);
    looked += 1;
    found += findings.length;
    for (const finding of findings) process.stdout.write(`${finding}\n`);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, lookOn));
await browser.close();
server.close();
process.stdout.write(
  `layout: ${looked} states, ${found} findings, ${Math.round((Date.now() - started) / 1000)} s\n`,
);
process.exitCode = found === 0 && looked > 0 ? 0 : 1;
