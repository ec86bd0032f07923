// Machines, their latest values and sparklines. Live frames change only the machines they name, and those at most
// once a painted frame.
import { Ring, SPARK_BUCKETS, SPARK_SPAN_MS } from '~/lib/chart/ring';
import type { Host } from '~/lib/host';
import type { MachineDto, Pen } from '~/lib/ipc/bindings';
import { decodeLive, decodeTrend } from '~/lib/ipc/frames';
import type { Clock } from './clock.svelte';
import { Snapshot } from './snapshot.svelte';

/** Measurements that have a sparkline on a tile. */
export const SPARK_METRICS = ['temperature', 'pressure'] as const;
/** The core takes so many pens a request. */
const PENS_A_REQUEST = 100;

export interface Sample {
  readonly timeMs: number;
  readonly value: number;
}

/** The newest sample as of now. */
export interface Measured extends Sample {
  readonly ageMs: number;
  readonly stale: boolean;
}

/**
 * From this age on a tile counts the seconds. What is younger is news: its tile stands still until the next sample, since
 * every change that is scattered over the window costs a painting of nearly all of it.
 */
export const AGEING_MS = 2000;

/** One machine: what the snapshot says, overtaken by live samples. */
export class Machine {
  readonly id: number;
  /** The moment as of which the machine is shown, ms of the core's clock. */
  shownMs = $state(0);
  dto = $state.raw<MachineDto>() as MachineDto;
  /** Rises when a sample has come and is to be shown. */
  version = $state(0);
  readonly latest = new Map<string, Sample>();
  readonly rings = new Map<string, Ring>();
  /** Rises when history has been read into the rings. */
  sparksRevision = 0;

  constructor(dto: MachineDto, nowMs: number) {
    this.id = dto.id;
    for (const metric of SPARK_METRICS) this.rings.set(metric, new Ring());
    this.take(dto, nowMs);
  }

  /** Takes a snapshot. */
  take(dto: MachineDto, nowMs: number): void {
    this.dto = dto;
    for (const { metric, time_ms, value } of dto.latest) this.#newest(metric, time_ms, value);
    this.show(nowMs);
  }

  /** Shows what has come, as of now. */
  show(nowMs: number): void {
    this.shownMs = nowMs;
    this.version += 1;
  }

  /** Lets the age of its newest sample tick, once there is one to tell. */
  age(nowMs: number): void {
    if (this.newestMs === null || nowMs - this.newestMs >= AGEING_MS) this.shownMs = nowMs;
  }

  add(metric: string, timeMs: number, value: number): void {
    this.rings.get(metric)?.add(timeMs, value);
    this.#newest(metric, timeMs, value);
  }

  /** The newest measured counts, not the one that arrived last. */
  #newest(metric: string, timeMs: number, value: number): void {
    const known = this.latest.get(metric);
    if (!known || known.timeMs <= timeMs) this.latest.set(metric, { timeMs, value });
  }

  /** Device time of the newest sample of all metrics; null: none ever. */
  get newestMs(): number | null {
    let newest: number | null = null;
    for (const { timeMs } of this.latest.values()) if (newest === null || timeMs > newest) newest = timeMs;
    return newest;
  }
}

type FrameListener = (nowMs: number) => void;

export class PlantStore {
  readonly snapshot: Snapshot<'plant'>;
  /** By name, as the core orders them. */
  machines = $state.raw<readonly Machine[]>([]);
  /** Whether the last 30 minutes have been read for the sparklines. */
  sparksRead = $state(false);
  readonly #host: Host;
  readonly #clock: Clock;
  readonly #byId = new Map<number, Machine>();
  readonly #dirty = new Set<Machine>();
  readonly #listeners = new Set<FrameListener>();
  #metrics: readonly string[] = [];
  #frame = 0;
  #shown = false;
  #sparked = new Set<number>();

  constructor(host: Host, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
    this.snapshot = new Snapshot(host, 'plant');
  }

  machine(id: number): Machine | undefined {
    return this.#byId.get(id);
  }

  /** Device time of the newest sample of all machines; null: none ever. */
  get newestMs(): number | null {
    let newest: number | null = null;
    for (const machine of this.machines) {
      void machine.version;
      if (machine.newestMs !== null && machine.newestMs > (newest ?? -Infinity)) newest = machine.newestMs;
    }
    return newest;
  }

  /**
   * The newest measured sample; null: none, or no such machine. Stale: older than the machine's interval allows.
   * What reads it is told of newer ones.
   */
  measured(id: number, metric: string, nowMs: number): Measured | null {
    // Machines that come later are news too.
    void this.machines;
    const machine = this.#byId.get(id);
    if (!machine) return null;
    void machine.version;
    const sample = machine.latest.get(metric);
    if (!sample) return null;
    const ageMs = Math.max(0, nowMs - sample.timeMs);
    return { ...sample, ageMs, stale: ageMs > machine.dto.stale_after_ms };
  }

  /** Called with each live frame after its samples are in; for charts. */
  onFrame(listener: FrameListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async refetch(): Promise<void> {
    await this.snapshot.refetch();
    const snapshot = this.snapshot.value;
    if (!snapshot) return;
    this.#metrics = snapshot.metrics;
    const known = new Set(snapshot.machines.map((dto) => dto.id));
    for (const id of [...this.#byId.keys()]) if (!known.has(id)) this.#byId.delete(id);
    const machines = snapshot.machines.map((dto) => {
      const machine = this.#byId.get(dto.id);
      if (!machine) return this.#add(dto);
      machine.take(dto, this.#clock.exact());
      return machine;
    });
    const same =
      machines.length === this.machines.length &&
      machines.every((machine, i) => machine === this.machines[i]);
    if (!same) this.machines = machines;
    if (machines.some((machine) => !this.#sparked.has(machine.id))) await this.#readSparks();
  }

  /** Reads the last 30 minutes of every machine that has none yet. */
  async #readSparks(): Promise<void> {
    const fresh = this.machines.filter((machine) => !this.#sparked.has(machine.id));
    const pens: Pen[] = fresh.flatMap(({ id }) => SPARK_METRICS.map((metric) => ({ machine: id, metric })));
    for (const { id } of fresh) this.#sparked.add(id);
    const toMs = this.#clock.exact();
    for (let at = 0; at < pens.length; at += PENS_A_REQUEST) {
      const some = pens.slice(at, at + PENS_A_REQUEST);
      try {
        const buffer = await this.#host.call('trend', {
          pens: some,
          from_ms: toMs - SPARK_SPAN_MS,
          to_ms: toMs,
          pixels: SPARK_BUCKETS,
          query: `plant-${at}`,
        });
        const frame = decodeTrend(buffer);
        some.forEach((pen, index) => {
          const columns = frame?.pens[index];
          const ring = this.#byId.get(pen.machine)?.rings.get(pen.metric);
          if (!columns || !ring) return;
          columns.timeMs.forEach((timeMs, i) => ring.add(timeMs, columns.mean[i] ?? NaN));
        });
      } catch {
        // Without history the sparklines start now; the next notice tries again.
        for (const pen of some) this.#sparked.delete(pen.machine);
      }
    }
    for (const machine of fresh) {
      machine.sparksRevision += 1;
      machine.show(this.#clock.exact());
    }
    this.sparksRead = true;
  }

  /** Lets the ages tick; called once a second. */
  age(nowMs: number): void {
    for (const machine of this.machines) machine.age(nowMs);
  }

  onLive(buffer: ArrayBuffer): void {
    const frame = decodeLive(buffer);
    if (!frame) return;
    for (let i = 0; i < frame.count; i++) {
      const machine = this.#byId.get(frame.machine(i));
      const metric = this.#metrics[frame.metric(i)];
      // A machine that is not known yet comes with the snapshot that its notice asks for.
      if (!machine || metric === undefined) continue;
      machine.add(metric, frame.timeMs(i), frame.value(i));
      this.#dirty.add(machine);
    }
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#show());
    for (const listener of this.#listeners) listener(frame.nowMs);
  }

  #show(): void {
    this.#frame = 0;
    const times: number[] = [];
    const nowMs = this.#clock.exact();
    for (const machine of this.#dirty) {
      machine.show(nowMs);
      if (machine.newestMs !== null) times.push(machine.newestMs);
    }
    this.#dirty.clear();
    // The task after a frame's callbacks comes when the frame has been painted: what a benchmark listens for.
    setTimeout(() => {
      if (times.length === 0) return;
      if (!this.#shown) performance.mark('panfloor:first-live');
      this.#shown = true;
      dispatchEvent(new CustomEvent('panfloor:painted', { detail: times }));
    }, 0);
  }

  #add(dto: MachineDto): Machine {
    const machine = new Machine(dto, this.#clock.exact());
    this.#byId.set(dto.id, machine);
    return machine;
  }
}
