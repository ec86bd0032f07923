import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encodeTrend } from '~/lib/host/fake/encode';
import type { MarksDto, TrendRequest } from '~/lib/ipc/bindings';
import type { Resolution } from '~/lib/ipc/frames';
import type { App } from './app.svelte';
import { MOST_PENS, trendsOf, type TrendsStore } from './trends.svelte';

const START = 1_764_000_000_000;
const PRESSURE = { machine: 14, metric: 'pressure' };
const TEMPERATURE = { machine: 14, metric: 'temperature' };

/** A core that answers one point a second, and remembers what it was asked. */
class Core {
  now = START;
  resolution: Resolution = 'raw';
  failure: unknown = null;
  asked: TrendRequest[] = [];
  marksAsked = 0;
  saved: unknown[] = [];
  latest = new Map([['pressure', { timeMs: START, value: 65 }]]);
  frame: ((nowMs: number) => void) | null = null;

  app(view?: unknown): App {
    const machine = { dto: { stale_after_ms: 2_500 }, latest: this.latest };
    return {
      host: { call: (name: string, request: unknown) => this.answer(name, request) },
      clock: { exact: () => this.now },
      plant: {
        machine: () => machine,
        onFrame: (listener: (nowMs: number) => void) => {
          this.frame = listener;
          return () => (this.frame = null);
        },
      },
      settings: {
        values: view === undefined ? {} : { 'trends.view': view },
        set: (_: string, value: unknown) => Promise.resolve(void this.saved.push(value)),
      },
    } as unknown as App;
  }

  private answer(name: string, request: unknown): Promise<unknown> {
    if (name === 'trend_marks') {
      this.marksAsked += 1;
      const marks: MarksDto = { bands: [], events: [], store_span_ms: [START - 1e9, START] };
      return Promise.resolve(marks);
    }
    const asked = request as TrendRequest;
    this.asked.push(asked);
    if (this.failure !== null) return Promise.reject(this.failure);
    const timeMs = Float64Array.from([asked.from_ms + 1, this.now - 1]);
    const column = Float64Array.from([64, 65]);
    const stats = { mean: 64.5, min: 64, max: 65, sigma: 0.5, coverage: 1, minAtMs: 1, maxAtMs: 2 };
    const pen = {
      resolution: this.resolution,
      stats,
      timeMs,
      mean: column,
      min: column,
      max: column,
      gaps: new Float64Array(0),
    };
    const pens = asked.pens.map(() => pen);
    return Promise.resolve(encodeTrend(asked.from_ms, asked.to_ms, this.now, pens));
  }
}

let core: Core;
let store: TrendsStore;
let close: () => void;

async function settle(ms = 0): Promise<void> {
  core.now += ms;
  await vi.advanceTimersByTimeAsync(ms);
}

function open(view?: unknown): void {
  store = trendsOf(core.app(view));
  close = store.open();
}

beforeEach(() => {
  vi.useFakeTimers();
  core = new Core();
});
afterEach(() => {
  close();
  vi.useRealTimers();
});

test('a new pen is asked for, drawn, selected and remembered', async () => {
  open();
  store.add([PRESSURE, TEMPERATURE]);
  await settle(2_000);
  expect(core.asked[0]).toMatchObject({ pens: [PRESSURE, TEMPERATURE], query: 'trends' });
  expect(store.pens.map((pen) => pen.style)).toEqual([0, 1]);
  expect(store.selectedPen?.metric).toBe('pressure');
  expect(store.pens[0]?.trace.points.timeMs).toHaveLength(2);
  expect(store.stats.get('14/pressure')?.mean).toBe(64.5);
  expect(store.answered).toBe(true);
  expect(core.saved.at(-1)).toMatchObject({ selected: '14/pressure', spanMs: 1_800_000 });
});

test('a removed pen gives its style to the next', async () => {
  open();
  store.add([PRESSURE, TEMPERATURE]);
  store.remove('14/pressure');
  expect(store.selected).toBe('14/temperature');
  store.add([{ machine: 3, metric: 'pressure' }]);
  expect(store.pens.map((pen) => pen.style)).toEqual([1, 0]);
  store.add(Array.from({ length: 20 }, (_, machine) => ({ machine, metric: 'x' })));
  expect(store.pens).toHaveLength(MOST_PENS);
  await settle(500);
});

test('a burst of panning asks once, then for the sides; a pan within them asks for statistics alone', async () => {
  open();
  store.add([PRESSURE]);
  await settle(500);
  core.asked = [];
  for (let i = 0; i < 10; i += 1) store.panBy(-60_000);
  expect(store.live).toBe(false);
  await settle(500);
  expect(core.asked.map((one) => one.query)).toEqual(['trends', 'trends-sides']);
  const [exact, sides] = core.asked;
  expect(exact?.to_ms).toBe(store.window.toMs);
  expect(sides?.from_ms).toBeLessThan(exact?.from_ms ?? 0);
  const drawn = store.pens[0]?.trace.points.timeMs[0];
  store.panBy(-60_000);
  await settle(500);
  expect(core.asked.filter((one) => one.query === 'trends')).toHaveLength(2);
  expect(store.pens[0]?.trace.points.timeMs[0]).toBeLessThanOrEqual(drawn ?? 0);
});

test('live returns to now and follows it by live samples', async () => {
  open();
  store.add([PRESSURE]);
  await settle(500);
  store.panBy(-3_600_000);
  await settle(500);
  store.goLive();
  await settle(500);
  expect(store.window.toMs).toBeGreaterThanOrEqual(core.now);
  const before = store.version;
  core.latest.set('pressure', { timeMs: core.now + 500, value: 70 });
  core.frame?.(core.now + 500);
  core.frame?.(core.now + 600);
  await settle(600);
  expect(store.version).toBe(before + 1);
  expect(store.pens[0]?.trace.newest).toMatchObject({ value: 70 });
});

test('figures come from one answer, and a sample beyond the extremes asks for the next', async () => {
  open();
  store.add([PRESSURE]);
  await settle(500);
  const known = store.stats.get('14/pressure');
  const asked = core.asked.length;
  core.latest.set('pressure', { timeMs: core.now, value: 64.5 });
  core.frame?.(core.now);
  await settle(2_000);
  core.latest.set('pressure', { timeMs: core.now, value: 70 });
  core.frame?.(core.now);
  expect(store.stats.get('14/pressure')).toBe(known);
  expect(core.asked).toHaveLength(asked);
  await settle(600);
  expect(core.asked).toHaveLength(asked + 1);
});

test('zooming in by key comes back exactly to where zooming out began', async () => {
  open();
  store.add([PRESSURE]);
  await settle(500);
  store.show({ fromMs: START - 7_200_000, toMs: START - 5_400_000 });
  const { window } = store;
  for (let i = 0; i < 40; i += 1) store.zoomOut(1.5);
  // The store begins 10⁹ ms before.
  expect(store.window.fromMs).toBeGreaterThan(START - 1.1e9);
  for (let i = 0; i < 40 && store.window.toMs - store.window.fromMs > 1_800_000; i += 1) store.zoomIn(1.5);
  expect(store.window).toEqual(window);
  await settle(500);
});

test('back goes through the views, and at last to live', async () => {
  open();
  store.add([PRESSURE]);
  await settle(500);
  store.panBy(-3_600_000);
  store.panBy(-60_000);
  const first = store.window;
  await settle(2_000);
  store.zoomBy(0.5, (first.fromMs + first.toMs) / 2);
  await settle(2_000);
  store.back();
  expect(store.window).toEqual(first);
  expect(store.live).toBe(false);
  // A press that changes nothing is no view.
  for (let i = 0; i < 40; i += 1) store.zoomOut(1.5);
  await settle(2_000);
  store.zoomOut(1.5);
  await settle(2_000);
  store.back();
  expect(store.window).toEqual(first);
  store.back();
  expect(store.live).toBe(true);
  await settle(500);
});

test('only spans of the toolbar are remembered, and live shows them', async () => {
  open();
  store.add([PRESSURE]);
  store.setSpan(7_200_000);
  await settle(500);
  for (let i = 0; i < 30; i += 1) store.zoomIn(1.5);
  await settle(2_000);
  expect(store.window.toMs - store.window.fromMs).toBe(10_000);
  expect(core.saved.at(-1)).toMatchObject({ spanMs: 7_200_000 });
  store.goLive();
  expect(store.window.toMs - store.window.fromMs).toBe(7_200_000);
  await settle(500);
});

test('minute data is asked anew when the picture has moved by a pixel', async () => {
  open();
  core.resolution = 'minute';
  store.setPixels(1_000);
  store.add([PRESSURE]);
  store.setSpan(7 * 86_400_000);
  await settle(500);
  const asked = core.asked.length;
  core.frame?.(core.now);
  await settle(600);
  expect(core.asked).toHaveLength(asked);
  await settle((7 * 86_400_000) / 1_000);
  core.frame?.(core.now);
  await settle(600);
  expect(core.asked).toHaveLength(asked + 1);
});

test('a failure is said and keeps the picture; a cancelled question is none', async () => {
  open();
  store.add([PRESSURE]);
  await settle(500);
  core.failure = { code: 'internal', sentence: 'The store is busy.' };
  store.setSpan(1_800_000);
  await settle(500);
  expect(store.problem?.sentence).toBe('The store is busy.');
  expect(store.pens[0]?.trace.points.timeMs.length).toBeGreaterThan(0);
  expect(store.loading).toBe(false);
  core.failure = null;
  store.retry();
  await settle(500);
  expect(store.problem).toBeNull();
  core.failure = { code: 'cancelled', sentence: 'A newer one came.' };
  store.retry();
  await settle(500);
  expect(store.problem).toBeNull();
});

test('without live frames the clock moves the picture, so that silence shows', async () => {
  open();
  store.add([PRESSURE]);
  await settle(500);
  core.now += 10_000;
  store.tick();
  expect(store.window.toMs).toBeGreaterThanOrEqual(core.now);
  expect(store.pens[0]?.trace.gaps(core.now)).toHaveLength(1);
});

test('the remembered view comes back, other pens replace it', async () => {
  open({ pens: [{ ...PRESSURE, style: 3 }], spanMs: 1_800_000, selected: '14/pressure' });
  await settle(500);
  expect(store.pens.map((pen) => [pen.key, pen.style])).toEqual([['14/pressure', 3]]);
  expect(store.spanMs).toBe(1_800_000);
  store.showPens([TEMPERATURE], { fromMs: START - 60_000, toMs: START - 30_000 });
  await settle(500);
  expect(store.live).toBe(false);
  expect(store.pens.map((pen) => pen.key)).toEqual(['14/temperature']);
  expect(store.window).toEqual({ fromMs: START - 60_000, toMs: START - 30_000 });
});

test('cursors come into the window and stay within it', async () => {
  open();
  store.toggleCursors();
  const { fromMs, toMs } = store.window;
  expect(store.cursors?.every((ms) => ms > fromMs && ms < toMs)).toBe(true);
  store.moveCursor(0, toMs + 5_000);
  expect(store.cursors?.[0]).toBe(toMs);
  store.toggleCursors();
  expect(store.cursors).toBeNull();
  await settle(100);
});

test('all shows the store from its first sample', async () => {
  open();
  store.add([PRESSURE]);
  await settle(500);
  store.showAll();
  await settle(500);
  expect(store.window.fromMs).toBeLessThanOrEqual(START - 1e9 + 2_000_000);
});
