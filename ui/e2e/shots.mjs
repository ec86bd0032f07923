// Pictures of every state of every screen, for looking at: target/screens/NAME-SIZE-THEME.png.
//   node ui/e2e/shots.mjs [--only NAME] [--size big|small] [--theme light|dark] [--out DIR]
// Needs a build of mode `fake` (npm run ui:build:fake), or --base URL of a development server (npm run ui:dev).
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, newContext, openPlace, option, ROOT, serve } from './browser.mjs';
import { PLACES, SIZES, THEMES } from './places.mjs';

const out = option('--out') ?? join(ROOT, 'target/screens');
const only = option('--only') ?? '';
mkdirSync(out, { recursive: true });
const given = option('--base');
const server = given === undefined ? await serve() : { base: given, close: () => undefined };
const browser = await launch();
const context = await newContext(browser);
let failed = false;
for (const [name, place] of Object.entries(PLACES)) {
  if (!name.includes(only)) continue;
  const sizes = place.size === undefined ? Object.entries(SIZES) : [['own', place.size]];
  for (const [sizeName, size] of sizes) {
    if (![undefined, sizeName].includes(option('--size')) && sizeName !== 'own') continue;
    for (const theme of THEMES) {
      if (![undefined, theme].includes(option('--theme'))) continue;
      const shot = await openPlace(context, server.base, place, { theme, size });
      // Charts and values that come in turns.
      await shot.page.waitForTimeout(700);
      const file = `${name}-${sizeName}-${theme}`;
      await shot.page.screenshot({ path: join(out, `${file}.png`) });
      for (const problem of shot.problems) process.stderr.write(`${file}: ${problem}\n`);
      failed ||= shot.problems.length > 0;
      process.stdout.write(`${file}\n`);
      await shot.close();
    }
  }
}
await browser.close();
server.close();
process.exitCode = failed ? 1 : 0;
