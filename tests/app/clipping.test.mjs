// No text is cut off without a way to read it, on any screen, at the sizes of a control room's PC and of a laptop.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SCREENS, openScreen, openTrendFromPlant, settle } from '../../scripts/lib/walk.mjs';
import { until } from '../../scripts/lib/webdriver.mjs';
import { aPan, brokerPort, call, openDemo } from './support.mjs';

const SIZES = [[1920, 1080], [1366, 768]];

let app;
let session;
before(async () => {
  app = await openDemo();
  session = app.session;
  // An alarm in the banner, the list and the detail, and a name as long as a plant may give.
  const pan = aPan(await brokerPort(session), 'pan-of-the-east-house-91');
  pan.report();
  const now = Date.now();
  pan.measure(Array.from({ length: 30 }, (_, at) => ({ time: now - (30 - at) * 5000, temperature: 46, pressure: 76 + (at % 5) / 10, motor_power: 12 })));
  await until(async () => (await call(session, 'alarms')).rows.length > 0, 'an alarm');
  await openTrendFromPlant(session);
});
after(() => app?.close());

/** Texts that their box cuts off and that no title tells, as `text (where)`. */
const CLIPPED = `
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const style = getComputedStyle(element);
    if (element.closest('.hidden-text, svg, [hidden]') || style.visibility === 'hidden' || element.clientWidth === 0) continue;
    const ownText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
    const holdsText = ownText || [...element.children].some((child) => getComputedStyle(child).display.startsWith('inline') && child.textContent.trim() !== '');
    if (!holdsText) continue;
    // A table's cell does not tell by its scrollWidth.
    const text = document.createRange();
    text.selectNodeContents(element);
    const beyond = text.getBoundingClientRect().right > element.getBoundingClientRect().right + 1;
    const cutsX = ['hidden', 'clip'].includes(style.overflowX) && (element.scrollWidth > element.clientWidth + 1 || beyond);
    const cutsY = ['hidden', 'clip'].includes(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
    if ((cutsX || cutsY) && element.closest('[title]:not([title=""])') === null) {
      found.push(element.textContent.trim().replace(/\\s+/g, ' ').slice(0, 60) + ' (' + element.tagName.toLowerCase() + '.' + [...element.classList].join('.') + ')');
    }
  }
  return found;`;

/** What stands beyond the window's edge, where nothing scrolls it in. */
const OUTSIDE = `
  return [...document.querySelectorAll('header.top > *, nav.rail > *, main .toolbar > *')]
    .filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1);
    })
    .map((element) => element.textContent.trim().slice(0, 60));`;

for (const [width, height] of SIZES) {
  for (const [key, name] of SCREENS) {
    test(`nothing is cut off on ${name} at ${width} × ${height}`, async () => {
      await session.setSize(width, height);
      await session.waitFor(`return innerWidth === arguments[0] && innerHeight === arguments[1];`, 'the size', 10_000, width, height);
      await openScreen(session, key, name);
      await settle(session);
      assert.deepEqual(await session.script(CLIPPED), []);
      assert.deepEqual(await session.script(OUTSIDE), []);
      assert.ok(await session.script(`return document.documentElement.scrollWidth <= innerWidth;`), 'the page is wider than the window');
    });
  }
}

test('the check sees a text that is cut off', async () => {
  await session.script(
    `const box = document.createElement('div');
     box.id = 'cut';
     box.style.cssText = 'width: 20px; overflow: hidden; white-space: nowrap';
     box.textContent = 'a text that is longer';
     document.body.append(box);`,
  );
  assert.match((await session.script(CLIPPED)).join(), /a text that is longer/);
  await session.script(`document.getElementById('cut').remove();`);
});
