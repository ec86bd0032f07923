// The trend on screen: pens, window, what the store of the core answered, and the live samples since.
import { Trace } from '~/lib/chart/columns';
import {
  covers,
  following,
  liveEdge,
  pan,
  span,
  withSides,
  zoom,
  type Bounds,
  type TimeWindow,
} from '~/lib/chart/window';
import { toApiError } from '~/lib/host';
import type { ApiError, Band, MarkDto, MarksDto, Pen } from '~/lib/ipc/bindings';
import { decodeTrend, type PenStats, type TrendFrame } from '~/lib/ipc/frames';
import type { App } from './app.svelte';
import { readTrendView, type TrendView } from './trend-view';

/** As many as there are pen styles: a ninth could not be told from the first. */
export const MOST_PENS = 8;
/** Panning and zooming come in bursts; the core is asked once they pause this long. */
const DEBOUNCE_MS = 120;
/**
 * Live samples are appended as they come; statistics and reduction are asked anew when the picture has moved by some
 * pixels, within these bounds: a long window costs more and changes less.
 */
const REFRESH_PIXELS = 4;
const REFRESH_MS = [5_000, 30_000] as const;
/**
 * Minute data can't be appended to, and a sample beyond the known extremes makes the figures wrong: asked anew when the
 * picture has moved by a pixel, but not more often than this.
 */
const LEAST_REFRESH_MS = 2_000;
/** A view left this long after the last change is one to come back to; what lies between is a movement of the hand. */
const SETTLED_MS = 800;
const MOST_VIEWS = 30;
/** Alarms, changes and phases change now and then. */
const MARKS_REFRESH_MS = 10_000;
/** Live samples are brought into the picture this often at most. */
const LIVE_EVERY_MS = 500;
/** Without a live frame for so long the clock moves the picture. */
const SILENT_MS = 1_500;
const SAVE_AFTER_MS = 1_000;
/** The core takes no more pixels than this. */
const MOST_PIXELS = 8192;
/** Name under which the window's settings keep the view. */
const SETTING = 'trends.view';
const FALLBACK_STALE_MS = 2_500;

/** One pen on screen. */
export interface TrendPen extends Pen {
  readonly key: string;
  /** Colour, dash and marker, 0 to 7; stays with the pen. */
  readonly style: number;
  readonly trace: Trace;
}

export const penKey = (pen: Pen): string => `${pen.machine}/${pen.metric}`;

const NO_BANDS: readonly Band[] = [];
const NO_EVENTS: readonly MarkDto[] = [];

export class TrendsStore {
  pens = $state.raw<readonly TrendPen[]>([]);
  window = $state.raw<TimeWindow>(following(Date.now(), 7_200_000));
  live = $state(true);
  /** The span of the toolbar chosen last: what Live returns to, also after a restart. */
  spanMs = $state(1_800_000);
  selected = $state<string | null>(null);
  /** The pen under the pointer or the keys in the table. */
  pointed = $state<string | null>(null);
  /** By pen, all figures of one from one answer: live samples widen none of them. */
  stats = $state.raw<ReadonlyMap<string, PenStats>>(new Map());
  marks = $state.raw<MarksDto | null>(null);
  loading = $state(false);
  problem = $state.raw<ApiError | null>(null);
  /** Cursors A and B; null: put away. */
  cursors = $state.raw<readonly [number, number] | null>(null);
  /** Whether the first answer for these pens has come. */
  answered = $state(false);
  /** Rises with each change of the points. */
  version = $state(0);
  /** Core's clock as the picture knows it. */
  nowMs = $state.raw(Date.now());

  readonly #app: App;
  /** Selected before, the last first. */
  #before: readonly string[] = [];
  #pixels = 1000;
  #restored = false;
  /** Views to come back to, the last at the end; null: Live. */
  #trail: (TimeWindow | null)[] = [];
  #leftAt = -Infinity;
  /** Windows that the zooming out by keys has left, so that zooming in comes back to them exactly. */
  #nearer: TimeWindow[] = [];
  /** A live sample lies beyond the known extremes. */
  #exceeded = false;
  #open = false;
  #held: { window: TimeWindow; msPerPixel: number } | null = null;
  #asked = 0;
  #askedAt = -Infinity;
  #marksAt = -Infinity;
  #marksFor = '';
  #heardMs = 0;
  #shownAt = -Infinity;
  #liveTimer: ReturnType<typeof setTimeout> | undefined;
  #fetchTimer: ReturnType<typeof setTimeout> | undefined;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  get selectedPen(): TrendPen | undefined {
    return this.pens.find((pen) => pen.key === this.selected) ?? this.pens[0];
  }

  /** Keys of the pens looked at, the last first: what is pointed at, what is selected, what was selected before. */
  get looked(): readonly string[] {
    return [this.pointed, this.selected, ...this.#before].filter((key) => key !== null);
  }

  get events(): readonly MarkDto[] {
    return this.marks?.events ?? NO_EVENTS;
  }

  /** First and last moment of the whole store. */
  get storeSpan(): readonly [number, number] | null {
    return this.marks?.store_span_ms ?? null;
  }

  bandsOf(pen: Pen): readonly Band[] {
    const index =
      this.#marksFor === this.#penList() ? this.pens.findIndex((one) => one.key === penKey(pen)) : -1;
    return this.marks?.bands[index]?.bands ?? NO_BANDS;
  }

  /** Connects to the live samples while the screen is open; returns how to stop. */
  open(): () => void {
    this.#open = true;
    this.#restore();
    const stop = this.#app.plant.onFrame((nowMs) => this.#onFrame(nowMs));
    this.#follow(this.#app.clock.exact());
    this.#fetchSoon(0);
    return () => {
      this.#open = false;
      clearTimeout(this.#fetchTimer);
      clearTimeout(this.#liveTimer);
      this.#liveTimer = undefined;
      stop();
    };
  }

  /** Width of the plot: decides the resolution that is asked for. */
  setPixels(pixels: number): void {
    const whole = Math.max(1, Math.min(MOST_PIXELS, Math.round(pixels)));
    if (whole === this.#pixels) return;
    this.#pixels = whole;
    this.#fetchSoon();
  }

  /** Adds pens that are not there yet, up to the limit, and selects the first of them. */
  add(pens: readonly Pen[]): void {
    const fresh = pens.filter((pen) => !this.pens.some((one) => one.key === penKey(pen)));
    if (fresh.length === 0) return;
    const all = [...this.pens];
    for (const pen of fresh) if (all.length < MOST_PENS) all.push(this.#make(pen, freeStyle(all)));
    this.#setPens(all);
    this.#take(penKey(fresh[0] ?? pens[0] ?? { machine: 0, metric: '' }));
  }

  remove(key: string): void {
    this.#setPens(this.pens.filter((pen) => pen.key !== key));
    if (this.pointed === key) this.pointed = null;
    if (this.selected === key) this.selected = this.pens[0]?.key ?? null;
  }

  select(key: string): void {
    this.#take(key);
    this.#save();
  }

  /** Shows other pens, and another window if one is given. */
  showPens(pens: readonly Pen[], window?: TimeWindow): void {
    this.#restored = true;
    const all: TrendPen[] = [];
    for (const pen of pens.slice(0, MOST_PENS)) {
      const known = this.pens.find((one) => one.key === penKey(pen));
      all.push(this.#make(pen, freeStyle(all), known?.trace));
    }
    this.#setPens(all);
    this.selected = all[0]?.key ?? null;
    if (window !== undefined) this.show(window);
    else this.goLive();
  }

  /** A span of the toolbar: ends now if Live, else where the window ends. */
  setSpan(spanMs: number): void {
    this.spanMs = spanMs;
    if (this.live) this.#follow(this.nowMs);
    else this.show({ fromMs: this.window.toMs - spanMs, toMs: this.window.toMs });
    this.#fetchSoon(0);
    this.#save();
  }

  /** From the first sample of the store to now. */
  showAll(): void {
    const stored = this.storeSpan;
    if (stored === null) return;
    const nowMs = this.#app.clock.exact();
    const spanMs = Math.max(60_000, nowMs - stored[0]);
    if (!this.live) this.show(following(nowMs, spanMs));
    this.setSpan(spanMs);
  }

  /** The oldest that is stored, on the span in use. */
  showOldest(): void {
    const stored = this.storeSpan;
    if (stored === null) return;
    this.show({ fromMs: stored[0], toMs: stored[0] + span(this.window) });
  }

  goLive(): void {
    this.live = true;
    this.#trail = [];
    this.#nearer = [];
    this.#follow(this.#app.clock.exact());
    this.#fetchSoon(0);
    this.#save();
  }

  /** Leaves Live and shows this window. */
  show(window: TimeWindow): void {
    const nowMs = this.#app.clock.exact();
    if (nowMs - this.#leftAt > SETTLED_MS && (this.live || !isNear(window, this.window))) {
      this.#trail = [...this.#trail, this.live ? null : this.window].slice(-MOST_VIEWS);
    }
    this.#leftAt = nowMs;
    this.#nearer = [];
    this.live = false;
    this.window = window;
    this.#fetchSoon();
  }

  /** The view before this one; Live if there is none. */
  back(): void {
    const before = this.#trail.pop() ?? null;
    if (before === null) return this.goLive();
    this.#nearer = [];
    this.#leftAt = -Infinity;
    this.window = before;
    this.#fetchSoon(0);
  }

  panBy(deltaMs: number): void {
    this.show(pan(this.window, deltaMs, this.#bounds()));
  }

  /** Nearer (`factor` below 1) or farther about a moment. */
  zoomBy(factor: number, aboutMs: number): void {
    this.show(zoom(this.window, aboutMs, factor, this.#bounds()));
  }

  /** A step farther by key; `zoomIn` comes back from it. */
  zoomOut(factor: number): void {
    const { window, live } = this;
    const kept = this.#nearer;
    this.zoomBy(factor, live ? window.toMs : (window.fromMs + window.toMs) / 2);
    this.#nearer = span(this.window) > span(window) ? [...kept, window] : kept;
  }

  /** A step nearer by key: to where the last step farther came from, else about the middle (about now while Live). */
  zoomIn(factor: number): void {
    const { window, live } = this;
    const kept = [...this.#nearer];
    const left = kept.pop();
    if (left === undefined) this.zoomBy(1 / factor, live ? window.toMs : (window.fromMs + window.toMs) / 2);
    else this.show(left);
    this.#nearer = kept;
  }

  #bounds(): Bounds {
    return { firstMs: this.storeSpan?.[0] ?? null, nowMs: this.#app.clock.exact() };
  }

  /** Brings the cursors into the window, or puts them away. */
  toggleCursors(): void {
    const { fromMs } = this.window;
    const third = span(this.window) / 3;
    this.cursors = this.cursors === null ? [fromMs + third, fromMs + 2 * third] : null;
  }

  /** Moves one cursor, within the window. */
  moveCursor(index: 0 | 1, ms: number): void {
    if (this.cursors === null) return;
    const at = Math.min(this.window.toMs, Math.max(this.window.fromMs, ms));
    this.cursors = index === 0 ? [at, this.cursors[1]] : [this.cursors[0], at];
  }

  /** Asks for everything again. */
  retry(): void {
    this.#held = null;
    this.#marksAt = -Infinity;
    this.#fetchSoon(0);
  }

  /** Alarms or changes have changed: their marks are out of date. */
  marksChanged(): void {
    this.#marksAt = -Infinity;
    if (this.#open) this.#refreshMarks();
  }

  #take(key: string): void {
    const before = [this.selected, ...this.#before].filter((one) => one !== null && one !== key);
    this.#before = before.slice(0, MOST_PENS) as string[];
    this.selected = key;
  }

  #make(pen: Pen, style: number, trace?: Trace): TrendPen {
    const machine = this.#app.plant.machine(pen.machine);
    const made = trace ?? new Trace(machine?.dto.stale_after_ms ?? FALLBACK_STALE_MS);
    return { machine: pen.machine, metric: pen.metric, key: penKey(pen), style, trace: made };
  }

  #setPens(pens: readonly TrendPen[]): void {
    this.pens = pens;
    this.#held = null;
    this.#marksAt = -Infinity;
    this.answered = pens.length === 0;
    this.#fetchSoon(0);
    this.#save();
  }

  #penList(): string {
    return this.pens.map((pen) => pen.key).join(' ');
  }

  #follow(nowMs: number): void {
    this.nowMs = nowMs;
    if (this.live) this.window = following(liveEdge(nowMs, this.spanMs, this.#pixels), this.spanMs);
  }

  /** Once a second: keeps the picture moving when no live sample comes, so that silence shows as a gap. */
  tick(): void {
    const nowMs = this.#app.clock.exact();
    if (!this.#open || document.hidden || nowMs - this.nowMs < SILENT_MS) return;
    this.#follow(nowMs);
    this.version += 1;
    this.#refreshLive(nowMs);
  }

  #onFrame(nowMs: number): void {
    for (const pen of this.pens) {
      const machine = this.#app.plant.machine(pen.machine);
      if (machine !== undefined) pen.trace.staleAfterMs = machine.dto.stale_after_ms;
      const sample = machine?.latest.get(pen.metric);
      if (sample !== undefined && pen.trace.append(sample.timeMs, sample.value)) {
        const known = this.stats.get(pen.key);
        this.#exceeded ||= known !== undefined && !(sample.value >= known.min && sample.value <= known.max);
      }
    }
    this.#heardMs = nowMs;
    if (document.hidden || this.#liveTimer !== undefined) return;
    const wait = this.#shownAt + LIVE_EVERY_MS - performance.now();
    this.#liveTimer = setTimeout(() => this.#showLive(), Math.max(0, wait));
  }

  /** Brings what has come into the picture; machines that send one after the other share one. */
  #showLive(): void {
    this.#liveTimer = undefined;
    this.#shownAt = performance.now();
    this.#follow(this.#heardMs);
    this.version += 1;
    this.#refreshLive(this.#heardMs);
  }

  #refreshLive(nowMs: number): void {
    if (!this.live || this.loading || this.pens.length === 0) return;
    const pixelMs = span(this.window) / this.#pixels;
    const soon = this.#exceeded || this.pens.some((pen) => pen.trace.resolution === 'minute');
    const [least, most] = REFRESH_MS;
    const due = soon
      ? Math.max(LEAST_REFRESH_MS, pixelMs)
      : Math.min(most, Math.max(least, REFRESH_PIXELS * pixelMs));
    if (nowMs - this.#askedAt >= due) void this.#fetch();
    else if (nowMs - this.#marksAt >= MARKS_REFRESH_MS) this.#refreshMarks();
  }

  /** Marks by themselves: a failure shows at the next answer that is waited for. */
  #refreshMarks(): void {
    this.#fetchMarks().catch(() => undefined);
  }

  #fetchSoon(afterMs = DEBOUNCE_MS): void {
    if (!this.#open) return;
    clearTimeout(this.#fetchTimer);
    this.#fetchTimer = setTimeout(() => void this.#fetch(), afterMs);
  }

  /** Asks for the window on screen, then for what lies beside it. */
  async #fetch(): Promise<void> {
    const number = ++this.#asked;
    this.#askedAt = this.#app.clock.exact();
    this.#exceeded = false;
    if (this.pens.length === 0) {
      this.problem = null;
      return;
    }
    const { window, pens, live } = this;
    const pixels = this.#pixels;
    this.loading = true;
    try {
      const [frame] = await Promise.all([this.#ask(pens, window, pixels, 'trends'), this.#fetchMarks()]);
      if (number !== this.#asked) return;
      this.problem = null;
      this.#takeStats(pens, frame);
      if (live || !this.#holds(window, pixels)) this.#takeColumns(pens, frame, pixels);
      this.answered = true;
      if (!live) await this.#fetchSides(number, window, pixels);
    } catch (thrown) {
      const problem = toApiError(thrown);
      if (number === this.#asked && problem.code !== 'cancelled') this.problem = problem;
    } finally {
      if (number === this.#asked) this.loading = false;
    }
  }

  /** One more screen on either side, so that panning finds its data there. */
  async #fetchSides(number: number, window: TimeWindow, pixels: number): Promise<void> {
    const wide = withSides(window, this.#app.clock.exact());
    const widePixels = Math.round((pixels * span(wide)) / span(window));
    if (this.#holds(wide, widePixels) || widePixels > MOST_PIXELS) return;
    const pens = this.pens;
    const frame = await this.#ask(pens, wide, widePixels, 'trends-sides');
    if (number === this.#asked) this.#takeColumns(pens, frame, widePixels);
  }

  #holds(window: TimeWindow, pixels: number): boolean {
    const held = this.#held;
    return (
      held !== null &&
      covers(held.window, window) &&
      Math.abs(held.msPerPixel / (span(window) / pixels) - 1) < 0.01
    );
  }

  async #ask(pens: readonly Pen[], window: TimeWindow, pixels: number, query: string): Promise<TrendFrame> {
    const buffer = await this.#app.host.call('trend', {
      pens: pens.map(({ machine, metric }) => ({ machine, metric })),
      from_ms: window.fromMs,
      to_ms: window.toMs,
      pixels,
      query,
    });
    const frame = decodeTrend(buffer);
    if (frame === null || frame.pens.length !== pens.length) {
      throw new Error(`trend: ${buffer.byteLength} bytes that are no frame of ${pens.length} pens`);
    }
    return frame;
  }

  #takeColumns(pens: readonly TrendPen[], frame: TrendFrame, pixels: number): void {
    pens.forEach((pen, i) => {
      const columns = frame.pens[i];
      if (columns !== undefined) pen.trace.replace(columns, frame.nowMs, [frame.fromMs, frame.toMs]);
      const latest = this.#app.plant.machine(pen.machine)?.latest.get(pen.metric);
      if (latest !== undefined) pen.trace.hint(latest.timeMs, latest.value);
    });
    const window = { fromMs: frame.fromMs, toMs: frame.toMs };
    this.#held = { window, msPerPixel: span(window) / pixels };
    this.version += 1;
  }

  #takeStats(pens: readonly TrendPen[], frame: TrendFrame): void {
    this.stats = new Map(
      pens.flatMap((pen, i) => (frame.pens[i] ? [[pen.key, frame.pens[i].stats] as const] : [])),
    );
  }

  async #fetchMarks(): Promise<void> {
    const nowMs = this.#app.clock.exact();
    this.#marksAt = nowMs;
    const list = this.#penList();
    const wide = withSides(this.window, nowMs);
    const marks = await this.#app.host.call('trend_marks', {
      pens: this.pens.map(({ machine, metric }) => ({ machine, metric })),
      from_ms: wide.fromMs,
      to_ms: Math.max(wide.toMs, nowMs),
    });
    if (list !== this.#penList()) return;
    this.#marksFor = list;
    this.marks = marks;
    this.version += 1;
  }

  #restore(): void {
    if (this.#restored) return;
    this.#restored = true;
    const view = readTrendView(this.#app.settings.values[SETTING]);
    if (view === null) return;
    this.spanMs = view.spanMs;
    this.pens = view.pens.slice(0, MOST_PENS).map((pen) => this.#make(pen, pen.style));
    this.selected = view.selected ?? this.pens[0]?.key ?? null;
  }

  #save(): void {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => {
      const pens = this.pens.map(({ machine, metric, style }) => ({ machine, metric, style }));
      const view: TrendView = { pens, spanMs: this.spanMs, selected: this.selected };
      // A view that could not be kept is no loss worth a notice: the screen shows it still.
      this.#app.settings.set(SETTING, view).catch(() => undefined);
    }, SAVE_AFTER_MS);
  }
}

/** Is one window hardly another, as at the end of what may be seen? */
function isNear(a: TimeWindow, b: TimeWindow): boolean {
  return Math.abs(a.fromMs - b.fromMs) + Math.abs(a.toMs - b.toMs) < span(b) / 100;
}

function freeStyle(pens: readonly TrendPen[]): number {
  for (let style = 0; style < MOST_PENS; style += 1)
    if (!pens.some((pen) => pen.style === style)) return style;
  return 0;
}

const stores = new WeakMap<App, TrendsStore>();

/** The trend of this window: made when Trends is first opened, kept while the window lives. */
export function trendsOf(app: App): TrendsStore {
  let store = stores.get(app);
  if (store === undefined) {
    store = new TrendsStore(app);
    stores.set(app, store);
  }
  return store;
}
