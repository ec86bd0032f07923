// axe on every screen of the real application, in both themes, with live data.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../scripts/lib/paths.mjs';
import { SCREENS, openScreen, setTheme, settle } from '../../scripts/lib/walk.mjs';
import { openDemo } from './support.mjs';

const axe = readFileSync(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

let app;
before(async () => {
  app = await openDemo();
  await app.session.script(axe);
});
after(() => app?.close());

for (const theme of ['light', 'dark']) {
  for (const [key, name] of SCREENS) {
    test(`axe finds nothing on ${name}, ${theme}`, async () => {
      const { session } = app;
      await openScreen(session, key, name);
      await setTheme(session, theme);
      await settle(session);
      const found = await session.scriptAsync(
        `const done = arguments[0]; axe.run(document, { resultTypes: ['violations'] })
           .then(({ violations }) => done(violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target, failureSummary }) => [target, failureSummary]) }))),
                 (problem) => done([{ id: 'axe', help: String(problem) }]));`,
      );
      assert.deepEqual(found, []);
    });
  }
}
