// All stores of a window, made once around its host.
import { getContext, setContext } from 'svelte';
import { toApiError, type Host } from '~/lib/host';
import { setTimeZone } from '~/lib/format';
import { Keys } from '~/lib/keys';
import type { AlarmRow } from '~/lib/ipc/bindings';
import { words } from '~/lib/words';
import { alarmName } from '~/lib/words/named';
import { AlarmsStore } from './alarms.svelte';
import { Clock } from './clock.svelte';
import { ConfigsStore } from './configs.svelte';
import { Notices } from './notices.svelte';
import { PlantStore } from './plant.svelte';
import { Router } from './router.svelte';
import { SessionStore } from './session.svelte';
import { Snapshot } from './snapshot.svelte';
import { SoundStore } from './sound.svelte';
import { StorageStore } from './storage.svelte';
import { Sync } from './sync';
import { UiSettings } from './ui-settings.svelte';

/** So many alarms a notice names; it counts the others. */
const NAMED_AT_MOST = 3;

export class App {
  readonly host: Host;
  readonly keys = new Keys();
  readonly clock = new Clock();
  readonly router = new Router();
  readonly notices = new Notices();
  readonly settings: UiSettings;
  readonly hello: Snapshot<'hello'>;
  readonly sources: Snapshot<'sources'>;
  readonly plant: PlantStore;
  readonly alarms: AlarmsStore;
  readonly sound: SoundStore;
  readonly session: SessionStore;
  readonly configs: ConfigsStore;
  readonly storage: StorageStore;
  readonly sync = new Sync();

  constructor(host: Host) {
    this.host = host;
    this.settings = new UiSettings(host);
    this.hello = new Snapshot(host, 'hello');
    this.sources = new Snapshot(host, 'sources');
    this.plant = new PlantStore(host, this.clock);
    this.alarms = new AlarmsStore(host, this.settings);
    this.sound = new SoundStore(this.clock, this.alarms);
    this.session = new SessionStore(host);
    this.configs = new ConfigsStore(host, this.session);
    this.storage = new StorageStore(host);
  }

  /** Subscribes and fetches everything; returns how to stop. */
  start(): () => void {
    this.sync.register('hello', () => this.refetchHello());
    this.sync.register('plant', () => this.plant.refetch());
    this.sync.register('sources', () => this.sources.refetch());
    this.sync.register('alarms', () => this.alarms.snapshot.refetch());
    this.sync.register('session', () => this.session.snapshot.refetch());
    this.sync.register('configs', () => this.configs.refetch());
    this.sync.register('storage', () => this.storage.refetch());
    // What the session may do is part of the changes' snapshot.
    this.sync.register('session', () => this.configs.snapshot.refetch());
    // Subscribed before the first fetch, so that nothing falls between the two.
    const stops = [
      this.host.onChanged((changed) => this.sync.onChanged(changed)),
      this.host.onLive((frame) => this.plant.onLive(frame)),
      this.clock.start(),
    ];
    this.sync.all();
    return () => stops.forEach((stop) => stop());
  }

  async refetchHello(): Promise<void> {
    await this.hello.refetch();
    const hello = this.hello.value;
    if (!hello) return;
    this.clock.adjust(hello.now_ms);
    setTimeZone(hello.time_zone);
    this.settings.take(hello.ui_settings);
  }

  /** Another process records into this folder: until when this window knows its data, ms; null: it records itself. */
  get storedUpToMs(): number | null {
    if (!this.hello.value?.read_only) return null;
    return this.plant.newestMs ?? this.hello.value.now_ms;
  }

  /**
   * Acknowledges by name, and says who acknowledged what; whoever is not signed in is asked first. What was on screen
   * at the press is what gets acknowledged, also after signing in. False: nothing was acknowledged, as always in a
   * window that only looks.
   */
  async acknowledge(rows: readonly AlarmRow[], note: string | null = null): Promise<boolean> {
    if (rows.length === 0 || this.storedUpToMs !== null) return false;
    if (!(await this.session.ensureSignedIn())) return false;
    let done = false;
    await this.attempt(async () => {
      done = await this.alarms.acknowledge(rows, note);
    });
    if (!done) return false;
    const say = words.alarms;
    const names = rows.slice(0, NAMED_AT_MOST).map((row) => say.of(row.machine_name, alarmName(row)));
    this.notices.say(say.acknowledged(this.session.user?.name ?? '', names, rows.length - names.length));
    return true;
  }

  /** Runs an action of the operator; what it fails with is said, never swallowed. */
  async attempt(action: () => Promise<void>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (problem) {
      const { code, sentence } = toApiError(problem);
      if (code !== 'cancelled') this.notices.fail(words.common.failed(sentence));
      return false;
    }
  }
}

const CONTEXT = Symbol('app');
export const setApp = (app: App): App => setContext(CONTEXT, app);
export const getApp = (): App => getContext<App>(CONTEXT);
