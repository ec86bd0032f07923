// A believable plant without a core, for development, screenshots and rare states. It is in no build that ships.
// ?n=24|40  ?state=offline|empty|loading|firststart|disk|readonly  ?theme=light|dark  ?user=operator-1  ?alarms=many|none
// ?trouble: configs and sources that need somebody
// ?pens=14/pressure,13/pressure  ?span=MS: what Trends remembers
import type { Changed, Commands, Domain, Hello, SourceDto, UserDto } from '~/lib/ipc/bindings';
import type { CommandName, Host } from '..';
import { FakeAlarms } from './alarms';
import { FakeConfigs } from './configs';
import { encodeLive, encodeTrend } from './encode';
import { classDtos, FakeMachine, METRICS, STALE_AFTER_MS } from './machines';
import { fakeSettings } from './settings';
import { columnsOf, HISTORY_MS } from './trend';

type Answers = { [K in CommandName]: (request: Commands[K]['request']) => Commands[K]['response'] };

const USERS: UserDto[] = [
  { id: 'operator-1', name: 'Operator B', roles: ['operator'], demo_passphrase: 'brass valve nine' },
  {
    id: 'engineer-2',
    name: 'Engineer 2',
    roles: ['engineer', 'operator'],
    demo_passphrase: 'silver pump four',
  },
  { id: 'approver-1', name: 'Approver 1', roles: ['approver'], demo_passphrase: 'copper kettle seven' },
];
const OFFLINE_MS = 372_000;
const FRESH_MS = 3_600_000;

/** Settings of the window that the query names. */
function rememberedBy(query: URLSearchParams): Record<string, unknown> {
  const theme = query.get('theme');
  const keys = (query.get('pens') ?? '').split(',').filter((key) => key !== '');
  const pens = keys.map((key, style) => {
    const [machine, metric] = key.split('/');
    return { machine: Number(machine), metric, style };
  });
  const view = { pens, spanMs: Number(query.get('span') ?? 7_200_000), selected: keys[0] ?? null };
  return { ...(theme === null ? {} : { theme }), ...(pens.length > 0 ? { 'trends.view': view } : {}) };
}

class FakePlant implements Host {
  readonly #query: URLSearchParams;
  readonly #state: string;
  readonly #startMs = Math.floor(Date.now() / 1000) * 1000;
  readonly #machines: FakeMachine[];
  readonly #alarms: FakeAlarms;
  readonly #configs: FakeConfigs;
  readonly #settings: Record<string, unknown>;
  readonly #live = new Set<(frame: ArrayBuffer) => void>();
  readonly #changed = new Set<(changed: Changed) => void>();
  readonly #answers: Answers;
  #user: UserDto | null;
  #offlineSinceMs: number | null;
  #number = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(query: URLSearchParams) {
    this.#query = query;
    this.#state = query.get('state') ?? '';
    const none = this.#state === 'empty' || this.#state === 'firststart';
    const count = none ? 0 : Math.min(100, Math.max(0, Number(query.get('n') ?? 24) || 24));
    this.#machines = Array.from({ length: count }, (_, i) => new FakeMachine(i + 1, this.#startMs));
    const silent = query.get('alarms') === 'none';
    this.#alarms = new FakeAlarms(
      silent ? [] : this.#machines,
      this.#startMs,
      query.get('alarms') === 'many',
    );
    this.#configs = new FakeConfigs(this.#machines, this.#startMs);
    // A window that only looks has no source of its own.
    const unseen = this.#state === 'offline' || this.#state === 'readonly';
    this.#offlineSinceMs = unseen ? this.#startMs - OFFLINE_MS : null;
    this.#settings = rememberedBy(query);
    this.#user = USERS.find((user) => user.id === query.get('user')) ?? null;
    this.#answers = this.#commands();
  }

  async call<K extends CommandName>(name: K, ...request: unknown[]): Promise<Commands[K]['response']> {
    if (this.#state === 'loading' && name === 'trend') await new Promise(() => undefined);
    await Promise.resolve();
    return this.#answers[name](request[0] as Commands[K]['request']);
  }

  onLive(callback: (frame: ArrayBuffer) => void) {
    this.#live.add(callback);
    // It lives only while somebody looks.
    this.#timer ??= setInterval(() => this.#tick(), 1000);
    return () => {
      this.#live.delete(callback);
      if (this.#live.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  onChanged(callback: (changed: Changed) => void) {
    this.#changed.add(callback);
    return () => this.#changed.delete(callback);
  }

  #notify(...domains: Domain[]): void {
    this.#number += 1;
    for (const callback of this.#changed) callback({ number: this.#number, domains });
  }

  #tick(): void {
    const nowMs = Date.now();
    if (this.#offlineSinceMs !== null) return;
    // As from a broker: some machines now, the others a little later.
    for (const part of [0, 1, 2, 3]) {
      setTimeout(() => {
        const samples = this.#machines
          .filter(
            (machine) => machine.id % 4 === part && machine.seenMs(nowMs, null) >= nowMs - STALE_AFTER_MS,
          )
          .flatMap((machine) =>
            METRICS.map((name, metric) => ({
              machine: machine.id,
              metric,
              timeMs: nowMs,
              value: machine.value(name, nowMs),
            })),
          );
        const frame = encodeLive(Date.now(), samples);
        for (const callback of this.#live) callback(frame);
      }, part * 240);
    }
    this.#notify('sources');
    if (Math.floor(nowMs / 1000) % 5 === 0) this.#notify('alarms');
  }

  #hello(): Hello {
    return {
      version: '0.1.0',
      demo: this.#query.get('demo') !== '0' && this.#state !== 'firststart' && this.#state !== 'empty',
      first_start: this.#state === 'firststart',
      read_only: this.#state === 'readonly',
      site: this.#state === 'firststart' ? '' : 'Kruszwica',
      station: 'Control room 1',
      time_zone: 'Europe/Warsaw',
      data_folder: '/home/operator/.local/share/panfloor',
      now_ms: Date.now(),
      trouble:
        this.#state === 'disk'
          ? {
              code: 'disk_full',
              sentence:
                'The disk of the data folder is full: nothing new is stored, and the broker keeps what comes. Free at least 1 GiB.',
              since_ms: this.#startMs - 90_000,
            }
          : null,
      classes: classDtos(),
      ui_settings: this.#settings as Hello['ui_settings'],
    };
  }

  #sources(): SourceDto[] {
    if (['empty', 'firststart', 'readonly'].includes(this.#state)) return [];
    const offline = this.#offlineSinceMs;
    return [
      {
        id: 1,
        name: 'Plant broker',
        kind: 'mqtt',
        address: 'mqtt://127.0.0.1:1883',
        state: offline === null ? 'connected' : 'offline',
        since_ms: offline ?? this.#startMs - 7_200_000,
        problem:
          offline === null
            ? null
            : {
                code: 'port_closed',
                sentence:
                  '127.0.0.1 answers, but nothing listens on port 1883: is the broker running? Start it, or correct the port in Settings.',
                retry_at_ms: Date.now() + 8000,
              },
        messages_per_s: offline === null ? this.#machines.length : 0,
        waiting: 0,
        not_adopted: this.#query.has('trouble') ? 7 : 0,
        adopts_per_hour: 100,
        session_kept: true,
      },
    ];
  }

  #find(id: number): FakeMachine | undefined {
    return this.#machines.find((machine) => machine.id === id);
  }

  #commands(): Answers {
    const seen = (machine: FakeMachine) => machine.seenMs(Date.now(), this.#offlineSinceMs);
    const need = () => {
      if (!this.#user) throw { code: 'sign_in_needed', sentence: 'Sign in first: this is done by name.' };
      return this.#user;
    };
    // ?passphrase=cancel|wrong: what may come of the passphrase window.
    const signs = () => {
      const user = need();
      const outcome = this.#query.get('passphrase');
      if (outcome === 'cancel') throw { code: 'cancelled', sentence: 'Given up.' };
      if (outcome === 'wrong') {
        throw { code: 'wrong_passphrase', sentence: `That is not the passphrase of ${user.name}.` };
      }
      return user;
    };
    return {
      ...fakeSettings(this.#machines.length, this.#startMs - HISTORY_MS),
      hello: () => this.#hello(),
      plant: () => ({
        metrics: [...METRICS],
        machines: this.#machines.map((m) =>
          m.dto(Date.now(), this.#offlineSinceMs, this.#configs.brief(m.id)),
        ),
        now_ms: Date.now(),
      }),
      sources: () => this.#sources(),
      source_retry: () => {
        this.#offlineSinceMs = null;
        this.#notify('sources', 'alarms', 'plant');
      },
      alarms: () => this.#alarms.dto(Date.now(), this.#offlineSinceMs),
      alarm_history: (request) => this.#alarms.history(request),
      alarm_acknowledge: (request) => {
        this.#alarms.acknowledge(request, need().name, Date.now());
        this.#notify('alarms');
      },
      trend: (request) =>
        encodeTrend(
          request.from_ms,
          request.to_ms,
          Date.now(),
          request.pens.map(({ machine: id, metric }) => {
            const machine = this.#find(id);
            const until = machine ? seen(machine) : 0;
            return columnsOf(
              machine,
              metric,
              request,
              this.#startMs - HISTORY_MS,
              until,
              this.#startMs - FRESH_MS,
            );
          }),
        ),
      trend_marks: ({ pens, from_ms, to_ms }) => ({
        bands: pens.map(
          ({ machine, metric }) =>
            this.#find(machine)?.bands(
              metric as 'pressure',
              Math.max(from_ms, this.#startMs - HISTORY_MS),
              to_ms,
            ) ?? {
              metric,
              bands: [],
            },
        ),
        events: this.#alarms.marks(new Set(pens.map((pen) => pen.machine)), from_ms, to_ms),
        store_span_ms: [this.#startMs - HISTORY_MS, Date.now()],
      }),
      trend_export: ({ format }) => ({ path: `/home/operator/Documents/trend.${format}`, bytes: 48_310 }),
      text_export: ({ name, text }) => ({ path: `/home/operator/Documents/${name}`, bytes: text.length }),
      configs: () => this.#configs.dto(this.#user, this.#query.has('trouble')),
      changes_before: (request) => this.#configs.before(request, this.#user),
      config_detail: (machine) => this.#configs.detail(this.#find(machine), Date.now()),
      config_check: ({ machine, config }) => this.#configs.check(this.#find(machine), config),
      change_request: (request) => {
        const hash = this.#configs.request(request, signs(), Date.now());
        this.#notify('configs', 'plant');
        return hash;
      },
      change_decide: (request) => {
        this.#configs.decide(request, signs(), Date.now(), () => this.#notify('configs', 'plant'));
        this.#notify('configs', 'plant');
      },
      session: () => ({
        user: this.#user,
        expires_ms: this.#user ? Date.now() + 8 * 3_600_000 : null,
        users: USERS,
      }),
      sign_in: ({ user }) => {
        this.#user = USERS.find((each) => each.id === user) ?? null;
        this.#notify('session', 'configs');
      },
      sign_out: () => {
        this.#user = null;
        this.#notify('session', 'configs');
      },
      ui_setting: ({ key, value }) => {
        this.#settings[key] = value;
      },
    };
  }
}

export const openFakeHost = (query: URLSearchParams): Host => new FakePlant(query);
