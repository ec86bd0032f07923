// The frame and the alarm screen over the invented plant, as somebody meets them.
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openFakeHost } from '~/lib/host/fake';
import { App } from '~/lib/stores';
import { alarmKey } from '~/lib/stores/alarms-list';
import Frame from './Frame.svelte';

/** Screens are fetched when they are opened, and a busy PC takes its time. */
const PATIENCE = { timeout: 30_000 };
vi.setConfig({ testTimeout: 90_000 });

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({
    matches: false,
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
  }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(query: string, at: 'plant' | 'alarms' = 'plant') {
  const host = openFakeHost(new URLSearchParams(query));
  const call = vi.spyOn(host, 'call');
  const app = new App(host);
  const { container } = render(Frame, { app });
  await waitFor(() => expect(app.alarms.snapshot.value).not.toBeNull(), PATIENCE);
  await waitFor(() => expect(app.session.snapshot.value).not.toBeNull(), PATIENCE);
  await waitFor(() => expect(app.plant.machines.length).toBeGreaterThan(0), PATIENCE);
  app.router.open(at);
  const find = <T extends HTMLElement>(selector: string) =>
    waitFor(() => {
      const found = document.querySelector<T>(selector);
      expect(found, selector).not.toBeNull();
      return found as T;
    }, PATIENCE);
  await find(at === 'plant' ? 'article.tile' : 'tr[data-key]');
  const given = () => call.mock.calls.filter(([name]) => name === 'alarm_acknowledge');
  return { app, call, container, find, given };
}
const press = (key: string, more: object = {}) => fireEvent.keyDown(document.body, { key, ...more });
const keysOf = () =>
  [...document.querySelectorAll<HTMLElement>('tr[data-key]')].map((row) => row.dataset.key);
const currentKey = () => document.querySelector<HTMLElement>('tr.current')?.dataset.key;

test('a double click on Acknowledge, and Alt+A twice, acknowledge one alarm', async () => {
  const { app, find, given } = await open('user=operator-1', 'alarms');
  const before = keysOf();
  const button = await find<HTMLButtonElement>('.detail .btn.primary');
  await fireEvent.click(button);
  await fireEvent.click(button);
  await press('a');
  await press('a', { altKey: true });
  await waitFor(() => expect(app.notices.list).toHaveLength(1), PATIENCE);
  expect(given()).toHaveLength(1);
  expect(keysOf()).toEqual(before);
  expect((await find('.banner .act')).getAttribute('aria-disabled')).toBe('true');
  // What was acknowledged stays selected when the list has moved.
  await waitFor(() => expect(keysOf()).not.toEqual(before), PATIENCE);
  expect(currentKey()).toBe(before[0]);
  expect((await find('.banner .act')).getAttribute('aria-disabled')).toBeNull();
  await press('a');
  expect(given()).toHaveLength(1);
});

test('the value now follows the live samples, the value at the alarm stands', async () => {
  const { app, find } = await open('user=operator-1', 'alarms');
  const row = app.alarms.list[0];
  if (!row) throw new Error('no alarm');
  const cell = (column: string) =>
    document.querySelector(`tr[data-key="${alarmKey(row)}"] td.${column}`)?.textContent;
  const raised = cell('raised');
  const machine = app.plant.machine(row.machine);
  machine?.add(row.metric, app.clock.now + 5000, 99.9);
  if (machine) machine.version += 1;
  await waitFor(() => expect(cell('value')).toContain('99.9 mbar'), PATIENCE);
  expect((await find('.detail dd')).textContent).toContain('99.9');
  expect((await find('.banner .what')).textContent).toContain('now 99.9 mbar');
  expect(cell('raised')).toBe(raised);
  const stale = cell('value') ?? '';
  expect(stale).not.toContain('old');
  app.clock.adjust(app.clock.now + 3_600_000);
  await waitFor(() => expect(cell('value')).toMatch(/99\.9 mbar.*old/), PATIENCE);
  expect((await find('.banner .what')).textContent).toContain('last 99.9 mbar');
});

test('N goes to the note, Enter there acknowledges with it', async () => {
  const { find, given } = await open('user=operator-1', 'alarms');
  await press('n');
  const field = await find<HTMLInputElement>('.detail input.note');
  expect(document.activeElement).toBe(field);
  await fireEvent.input(field, { target: { value: 'vacuum pump changed over' } });
  await fireEvent.keyDown(field, { key: 'Enter' });
  await waitFor(() => expect(given()).toHaveLength(1), PATIENCE);
  expect(given()[0]?.[1]).toMatchObject({ note: 'vacuum pump changed over' });
});

test('a click on a heading orders the list, a second one puts it back', async () => {
  const { find } = await open('', 'alarms');
  const before = keysOf();
  const heading = await find<HTMLButtonElement>('th.machine button');
  await fireEvent.click(heading);
  await waitFor(() => expect(keysOf()[0]).toBe('7/temperature/limit:low_low'), PATIENCE);
  expect((await find('th.machine')).getAttribute('aria-sort')).toBe('ascending');
  await fireEvent.click(heading);
  await waitFor(() => expect(keysOf()).toEqual(before), PATIENCE);
});

test('tab, foot, banner and counts speak of the same alarms', async () => {
  const { find } = await open('', 'alarms');
  expect((await find('.seg [aria-pressed=true]')).textContent).toBe('Active 4, returned 1');
  expect((await find('.foot')).textContent).toContain(
    '5 alarms: 4 active, 1 returned; 3 unacknowledged. 1 lesser one',
  );
  expect((await find('.banner .of')).textContent).toBe('1 of 3');
  expect((await find('.counts')).textContent?.match(/\d/g)?.map(Number)).toEqual([2, 1, 2, 0]);
  expect(keysOf()).toHaveLength(6);
});

test('the banner’s text opens its alarm, its number the list', async () => {
  const { app, find } = await open('');
  await fireEvent.click(await find('.banner .what'));
  await find('tr[data-key]');
  expect(app.router.screen).toBe('alarms');
  await waitFor(() => expect(currentKey()).toBe('14/pressure/limit:high_high'), PATIENCE);
  app.router.open('plant');
  await fireEvent.click(await find('.banner .of'));
  expect(app.router.screen).toBe('alarms');
});

test('the list is exported by key, with site and time in its name', async () => {
  const { call } = await open('', 'alarms');
  await press('e');
  await waitFor(() => {
    const asked = call.mock.calls.find(([name]) => name === 'text_export')?.[1] as
      { name: string; text: string } | undefined;
    expect(asked?.name).toMatch(/^alarms-active_Kruszwica_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.csv$/);
    expect(asked?.text).toMatch(/^state,.*value now,measured at,value at alarm,/);
    expect(asked?.text).toMatch(/T\d\d:\d\d:\d\d\.\d{3}\+0[12]:00/);
  }, PATIENCE);
});

test('the finder knows “export”', async () => {
  const { find } = await open('', 'alarms');
  await press('k', { ctrlKey: true });
  const field = await find<HTMLInputElement>('dialog input');
  await fireEvent.input(field, { target: { value: 'export' } });
  await waitFor(() => {
    const found = screen.getAllByRole('option', { hidden: true }).map((option) => option.textContent);
    expect(found.some((text) => text?.includes('Trends'))).toBe(true);
    expect(found.some((text) => text?.includes('Export the alarm list'))).toBe(true);
    expect(found.every((text) => /export/i.test(text ?? ''))).toBe(true);
  }, PATIENCE);
});

test('signing in begins on the first name', async () => {
  const { find } = await open('');
  await press('a', { altKey: true });
  const first = await find('dialog button.user');
  await waitFor(() => expect(document.activeElement).toBe(first), PATIENCE);
  expect(first.getAttribute('title')).toBeNull();
});

test('a window that only looks says why and up to when, and calls nothing blind', async () => {
  const { app, container, find, given } = await open('state=readonly&user=operator-1');
  await waitFor(
    () =>
      expect(container.textContent).toMatch(
        /Another Panfloor on this PC records into this folder; this window shows what was stored up to \d\d:\d\d:\d\d and changes nothing\./,
      ),
    PATIENCE,
  );
  expect(container.textContent).not.toContain('No source yet');
  expect(container.textContent).not.toContain('BLIND');
  expect(container.querySelector('.banner .act')).toBeNull();
  await press('a', { altKey: true });
  expect(given()).toHaveLength(0);
  app.router.open('alarms');
  await find('tr[data-key]');
  await press('a');
  await press('A', { shiftKey: true });
  expect(document.querySelector('.detail .btn.primary')).toBeNull();
  expect(given()).toHaveLength(0);
  expect(app.notices.list).toEqual([]);
});

test('the rail does not keep the focus of another screen', async () => {
  const { app, find } = await open('');
  const configs = await find<HTMLButtonElement>('.rail [data-screen=configs]');
  configs.focus();
  await fireEvent.click(configs);
  expect(document.activeElement).toBe(configs);
  await press('3');
  await waitFor(() => expect(app.router.screen).toBe('alarms'));
  await waitFor(() => expect(document.activeElement).not.toBe(configs));
});
