import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openFakeHost } from '~/lib/host/fake';
import { App } from './app.svelte';
import { alarmKey, REST_MS } from './alarms.svelte';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

async function openApp(query = 'user=operator-1') {
  const host = openFakeHost(new URLSearchParams(query));
  const app = new App(host);
  const call = vi.spyOn(host, 'call');
  await Promise.all([app.alarms.snapshot.refetch(), app.session.snapshot.refetch(), app.refetchHello()]);
  await app.plant.snapshot.refetch();
  const given = () => call.mock.calls.filter(([name]) => name === 'alarm_acknowledge').length;
  return { app, call, given };
}
const press = (app: App) => app.acknowledge(app.alarms.list.slice(0, 1));

test('a second press within a second acknowledges nothing, a later one the next alarm', async () => {
  const { app, given } = await openApp();
  const before = app.alarms.list.map(alarmKey);
  const [first, second] = await Promise.all([press(app), press(app)]);
  expect([first, second]).toEqual([true, false]);
  expect(await press(app)).toBe(false);
  expect(given()).toBe(1);
  // The row stays where it is meanwhile, acknowledged; the banner already shows the next.
  expect(app.alarms.list.map(alarmKey)).toEqual(before);
  expect(app.alarms.list[0]?.state).toBe('C');
  vi.advanceTimersByTime(REST_MS);
  expect(app.alarms.list.map(alarmKey)).not.toEqual(before);
  expect(await press(app)).toBe(true);
  expect(given()).toBe(2);
});

test('the notice says who acknowledged what', async () => {
  const { app } = await openApp();
  await press(app);
  expect(app.notices.list.map(({ text }) => text)).toEqual([
    'Operator B acknowledged Pan 14, Pressure high-high.',
  ]);
  vi.advanceTimersByTime(REST_MS);
  await app.acknowledge(app.alarms.rows);
  expect(app.notices.list[1]?.text).toMatch(/^Operator B acknowledged .*; .*; .* and \d more\.$/);
});

test('an acknowledgement that failed is told, and may be tried again at once', async () => {
  const { app, call, given } = await openApp();
  call.mockRejectedValueOnce({ code: 'internal', sentence: 'the disk is full' });
  expect(await press(app)).toBe(false);
  expect(app.notices.list[0]?.text).toContain('the disk is full');
  expect(await press(app)).toBe(true);
  expect(given()).toBe(2);
});

test('the order is remembered; the banner keeps the standard’s', async () => {
  const { app, call } = await openApp();
  await app.alarms.sortBy('priority');
  expect(call).toHaveBeenCalledWith('ui_setting', { key: 'alarms.sort', value: 'priority' });
  expect(app.alarms.sort).toBe('priority');
  await app.alarms.sortBy('machine');
  expect(app.alarms.list[0]?.machine_name).toBe('Pan 07');
  expect(app.alarms.banner?.machine_name).toBe('Pan 14');
});

test('a window that only looks knows until when', async () => {
  const { app } = await openApp('state=readonly');
  await app.plant.refetch();
  expect(app.storedUpToMs).toBe(app.plant.newestMs);
  expect((await openApp()).app.storedUpToMs).toBeNull();
});
