// Under the pseudo-locale every text of the catalogue wears brackets: what doesn't has bypassed it.
import { mount, unmount } from 'svelte';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';

declare global {
  interface Window {
    happyDOM: { setURL(url: string): void };
  }
}

/** Names on the wire, units and key caps are data; so is what the core says, marked `data-raw`. */
const RAW = '[data-raw], kbd, .u, code, script, style';
/** Screens are fetched when they are opened, and a busy PC takes its time. */
const PATIENCE_MS = 30_000;
const UNITS = /°C|mbar|kW/g;

/** Pieces of text with letters in them that stand outside the catalogue. */
function strays(root: Element): string[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement?.closest(RAW)) continue;
    // A catalogue text may hold another one, so brackets nest.
    let text = node.textContent ?? '';
    for (let before = ''; before !== text;) {
      before = text;
      text = text.replace(/\[[^[\]]*\]/gs, '');
    }
    text = text.replace(UNITS, '');
    if (/\p{L}/u.test(text)) found.push(text.trim());
  }
  return found;
}

beforeAll(() => {
  window.happyDOM.setURL('http://localhost/?locale=pseudo');
  vi.stubGlobal('matchMedia', () => ({
    matches: false,
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
  }));
});
let leave: (() => void) | undefined;
afterEach(() => leave?.());

async function open(query: string, screen: string): Promise<HTMLElement> {
  const { App } = await import('~/lib/stores');
  const { openFakeHost } = await import('~/lib/host/fake');
  const { default: Frame } = await import('./Frame.svelte');
  const app = new App(openFakeHost(new URLSearchParams(query)));
  document.body.replaceChildren();
  const component = mount(Frame, { target: document.body, props: { app } });
  leave = () => void unmount(component);
  const until = (check: () => void) => vi.waitFor(check, { timeout: PATIENCE_MS });
  const snapshots = [
    app.hello,
    app.plant.snapshot,
    app.alarms.snapshot,
    app.configs.snapshot,
    app.session.snapshot,
  ];
  await until(() => expect(snapshots.every((snapshot) => snapshot.value !== null)).toBe(true));
  app.router.screen = screen as typeof app.router.screen;
  await until(() => expect(document.querySelector('main, .page')?.textContent ?? '').toContain('['));
  return document.body;
}

test.each([
  ['', 'plant'],
  ['state=offline', 'plant'],
  ['state=empty', 'plant'],
  ['n=40', 'plant'],
  ['', 'alarms'],
  ['alarms=none', 'alarms'],
  ['', 'reports'],
  ['user=approver-1', 'configs'],
  ['', 'settings'],
  ['state=firststart', 'plant'],
])('no text outside the catalogue: %s %s', { timeout: 3 * PATIENCE_MS }, async (query, screen) => {
  expect(strays(await open(query, screen))).toEqual([]);
});
