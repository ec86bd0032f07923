// The invented plant's configs and changes: one of every state, and changes that run their way once approved.
import type {
  ChangeDto,
  ChangeRequestDto,
  ChangesPage,
  ChangesRequest,
  CheckDto,
  ConfigBrief,
  ConfigDetail,
  ConfigsDto,
  DecideRequest,
  FieldProblemDto,
  StepDto,
  UserDto,
} from '~/lib/ipc/bindings';
import { isUnderWay } from '~/lib/change-state';
import { HOUR, MINUTE, SEEDS, type Config, type Seed } from './changes';
import type { FakeMachine } from './machines';
import { hash } from './random';

const PATH = ['requested', 'approved', 'publishing', 'published', 'received', 'applied'] as const;
/** From one step to the next, as the demo's pans take it. */
const STEP_MS = [0, 0, 340, 616, 242, 2644];
const EPOCH = 12;
/** Closed changes in one answer; fewer than the real 50, so that there is more to ask for. */
const CLOSED_SHOWN = 6;
const isClosed = (change: ChangeDto): boolean => !isUnderWay(change.state);

const CONDITION: Readonly<Record<number, string>> = {
  12: 'drifted',
  18: 'refused',
  19: 'nothing_desired',
  21: 'unknown',
};

const SITE_TROUBLE = (startMs: number) => [
  { code: 'no_epoch_left', machine: null, name: '', version: null, since_ms: startMs - 11 * MINUTE },
  { code: 'config_not_taken', machine: 10, name: 'Pan 10', version: 'v12.6', since_ms: startMs - 4 * MINUTE },
];

const hex = (seed: number): string =>
  Array.from({ length: 8 }, (_, at) =>
    Math.floor(hash(seed, at) * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
const step = (name: string, time_ms: number | null, by: string, seed: number, remark = ''): StepDto => ({
  step: name,
  time_ms,
  awaited_since_ms: null,
  by,
  record: time_ms === null ? '' : hex(seed).slice(0, 8),
  remark,
});

export class FakeConfigs {
  readonly #machines: readonly FakeMachine[];
  readonly #startMs: number;
  readonly #desired = new Map<number, Config>();
  readonly #reported = new Map<number, Config>();
  readonly #versions = new Map<number, { desired: number | null; reported: number | null }>();
  #changes: ChangeDto[] = [];
  #published = 20;

  constructor(machines: readonly FakeMachine[], startMs: number) {
    this.#machines = machines;
    this.#startMs = startMs;
    for (const { id, file } of machines) {
      const version = 5 * 1000 + 11 + id;
      this.#desired.set(id, { ...file.default_config });
      this.#reported.set(id, { ...file.default_config });
      this.#versions.set(id, { desired: version, reported: version });
    }
    // Oldest first, so that each builds on what the ones before it left.
    const seeds = [...SEEDS.entries()].sort(([, a], [, b]) => b.agoMs - a.agoMs);
    this.#changes = seeds.flatMap(([at, seed]) => {
      const machine = machines.find((each) => each.id === seed.machine);
      return machine ? [this.#seeded(machine, seed, at)] : [];
    });
    this.#changes.reverse();
    this.#disturb();
  }

  /** Machines whose report is not what is desired. */
  #disturb(): void {
    const drifted = this.#reported.get(12);
    if (drifted) this.#reported.set(12, { ...drifted, pressure_setpoint: 158, sample_interval_ms: 5000 });
    this.#reported.delete(21);
    this.#desired.delete(19);
    const own = this.#versions.get(19);
    if (own) own.desired = null;
    for (const [id, version] of this.#versions) if (id === 21) version.reported = null;
  }

  #seeded(machine: FakeMachine, seed: Seed, at: number): ChangeDto {
    const requestedMs = this.#startMs - seed.agoMs + 402;
    const author = seed.author ?? 'Engineer 2';
    const reached = PATH.indexOf(seed.state as (typeof PATH)[number]);
    const sent = reached >= 2 || seed.state === 'refused' || seed.state === 'overruled';
    const change = this.#change(machine, seed.set, {
      request: hex(at + 40),
      author,
      requestedMs,
      reason: seed.reason,
      needed: seed.needed ?? 1,
    });
    const proven = reached >= 0 ? reached : seed.state === 'refused' ? 4 : seed.state === 'overruled' ? 3 : 0;
    const steps = [step('requested', requestedMs, author, at + 40)];
    let time = requestedMs + 7 * MINUTE * Math.min(1, seed.agoMs / (20 * MINUTE));
    for (let i = 1; i <= proven; i++) {
      time += STEP_MS[i] ?? 0;
      steps.push(step(PATH[i] ?? '', time, i === 1 ? 'Approver 1' : '', at * 7 + i));
    }
    if (reached < 0) {
      const by = seed.state === 'rejected' ? 'Approver 1' : seed.state === 'withdrawn' ? author : '';
      steps.push(step(seed.state, time + 900, by, at * 7 + 9, seed.remark));
    }
    if (reached >= 0 && reached < 5) {
      steps.push({
        ...step(PATH[reached + 1] ?? '', null, '', 0),
        awaited_since_ms: reached === 0 ? requestedMs : time,
      });
    }
    if (sent) {
      const version = this.#publish(
        machine.id,
        change.config as Config,
        seed.state === 'applied' || reached >= 5,
      );
      for (const each of change.machines) each.version = version;
    }
    if (proven >= 1 || seed.state === 'rejected') {
      const decision = seed.state === 'rejected' ? 'rejected' : 'approved';
      change.approvals = [
        {
          user: 'Approver 1',
          time_ms: time,
          decision,
          remark: seed.state === 'rejected' ? (seed.remark ?? '') : '',
        },
      ];
    } else if (seed.needed === 2) {
      change.approvals = [
        {
          user: 'Supervisor 3',
          time_ms: requestedMs + HOUR,
          decision: 'approved',
          remark: seed.remark ?? '',
        },
      ];
    }
    change.state = seed.state;
    const waits = seed.state === 'approved';
    for (const each of change.machines) {
      each.waiting = waits ? { code: 'phase', version: null, since_ms: time } : null;
      each.state = seed.state;
      each.steps = steps;
    }
    return change;
  }

  #publish(machine: number, config: Config, applied: boolean): string {
    const version = EPOCH * 1000 + ++this.#published - 20;
    const known = this.#versions.get(machine);
    this.#desired.set(machine, config);
    this.#versions.set(machine, {
      desired: version,
      reported: applied ? version : (known?.reported ?? null),
    });
    if (applied) this.#reported.set(machine, config);
    return `${EPOCH}.${version % 1000}`;
  }

  #change(
    machine: FakeMachine,
    set: Config,
    of: { request: string; author: string; requestedMs: number; reason: string; needed: number },
  ): ChangeDto {
    const base = this.#desired.get(machine.id) ?? {};
    return {
      request: of.request,
      author: of.author,
      station: 'Control room 1',
      requested_ms: of.requestedMs,
      reason: of.reason,
      machines: [
        {
          machine: machine.id,
          name: machine.name,
          state: 'requested',
          version: null,
          waiting: null,
          steps: [
            step('requested', of.requestedMs, of.author, of.requestedMs % 9973),
            { ...step('approved', null, '', 0), awaited_since_ms: of.requestedMs },
          ],
        },
      ],
      config: { ...base, ...set },
      base_config: base,
      base: this.#shown(machine.id),
      state: 'requested',
      approvals: [],
      approvals_needed: of.needed,
      may_decide: false,
      why_not: '',
      may_withdraw: false,
      consequence: this.#consequence(machine, base, { ...base, ...set }),
    };
  }

  #shown(machine: number): string | null {
    const version = this.#versions.get(machine)?.desired ?? null;
    return version === null ? null : `v${Math.floor(version / 1000)}.${version % 1000}`;
  }

  #consequence(machine: FakeMachine, base: Config, config: Config): string {
    const changed = Object.keys(config).filter(
      (key) => JSON.stringify(config[key]) !== JSON.stringify(base[key]),
    );
    if (changed.length === 0) return '';
    const names = changed
      .map((key) => `${key.replaceAll('_', ' ')} ${JSON.stringify(config[key])}`)
      .join(', ');
    const interlock = changed.some((key) => key.endsWith('interlocks'));
    return `Approving sends this change to ${machine.name} at once, while it boils: it takes ${names}. ${interlock ? 'An interlock of the machine moves.' : 'No interlock changes.'}`;
  }

  brief(machine: number): ConfigBrief {
    const version = this.#versions.get(machine);
    const newest = this.#changes.find((change) => change.machines.some((each) => each.machine === machine));
    const under = newest && isUnderWay(newest.state) ? newest.state : undefined;
    const text = (value: number | null | undefined) =>
      value === null || value === undefined ? null : `v${Math.floor(value / 1000)}.${value % 1000}`;
    return {
      state: under ?? CONDITION[machine] ?? 'in_sync',
      desired: text(version?.desired),
      reported: text(version?.reported),
      since_ms: newest?.requested_ms ?? this.#startMs - 600 * MINUTE,
    };
  }

  #shownTo(user: UserDto | null): ChangeDto[] {
    const why = (change: ChangeDto): string => {
      if (user === null) return 'Sign in first.';
      if (user.name === change.author) return 'Four eyes: an author can never approve the own change.';
      return user.roles.includes('approver')
        ? ''
        : `Deciding needs the role approver; ${user.name} does not have it.`;
    };
    return this.#changes.map((change) => ({
      ...change,
      may_decide: change.state === 'requested' && why(change) === '',
      why_not: change.state === 'requested' ? why(change) : '',
      may_withdraw: change.state === 'requested' && user?.name === change.author,
    }));
  }

  /** @param trouble whether this station may not publish, and the site needs somebody */
  dto(user: UserDto | null, trouble: boolean): ConfigsDto {
    let closed = 0;
    const changes = this.#shownTo(user).filter((change) => !isClosed(change) || ++closed <= CLOSED_SHOWN);
    return {
      machines: this.#machines.map(({ id, name }) => ({ machine: id, name, brief: this.brief(id) })),
      changes,
      more: closed > CLOSED_SHOWN,
      notices: [
        ...(trouble ? SITE_TROUBLE(this.#startMs) : []),
        {
          code: 'drift',
          machine: 12,
          name: this.#machines.find(({ id }) => id === 12)?.name ?? '',
          version: this.#shown(12),
          since_ms: this.#startMs - 27 * HOUR,
        },
      ],
      publisher: trouble
        ? { state: 'closed', stands: 'bystander', epoch: null, silent_since_ms: null, unshared: 2 }
        : { state: 'open', stands: 'publishing', epoch: EPOCH, silent_since_ms: null, unshared: 0 },
    };
  }

  before({ before, limit }: ChangesRequest, user: UserDto | null): ChangesPage {
    const closed = this.#shownTo(user).filter(isClosed);
    const from = closed.findIndex((change) => change.request === before) + 1;
    return { changes: closed.slice(from, from + limit), more: closed.length > from + limit };
  }

  detail(machine: FakeMachine | undefined, nowMs: number): ConfigDetail {
    if (!machine) throw { code: 'not_found', sentence: 'There is no such machine.' };
    const version = this.#versions.get(machine.id);
    const desired = this.#desired.get(machine.id) ?? null;
    return {
      machine: machine.id,
      name: machine.name,
      class_id: machine.file.id,
      firmware: '2.4.1',
      mode: 'remote',
      desired,
      desired_version: version?.desired ?? null,
      reported: this.#reported.get(machine.id) ?? null,
      reported_version: version?.reported ?? null,
      reported_ms: version?.reported === null ? null : nowMs - 40 * MINUTE,
      versions: [
        {
          shown: this.#shown(machine.id) ?? '',
          config: desired,
          time_ms: this.#startMs - 600 * MINUTE,
          author: 'Engineer 2',
        },
        {
          shown: `5.${machine.id + 3}`,
          config: { ...machine.file.default_config, temperature_setpoint: 45.5 },
          time_ms: this.#startMs - 9 * 24 * HOUR,
          author: 'Engineer 1',
        },
        {
          shown: 'v4.7',
          config: { ...machine.file.default_config, temperature_setpoint: 45, sample_interval_ms: 2000 },
          time_ms: this.#startMs - 40 * 24 * HOUR,
          author: 'Engineer 1',
        },
      ],
    };
  }

  check(machine: FakeMachine | undefined, given: unknown): CheckDto {
    const config = given as Config;
    const base = machine ? (this.#desired.get(machine.id) ?? {}) : {};
    const problems: FieldProblemDto[] = [];
    const setpoint = Number(config.temperature_setpoint);
    const [low, high] = config.temperature_interlocks as number[];
    if (setpoint >= (high ?? Infinity) || setpoint <= (low ?? -Infinity)) {
      problems.push({
        field: 'temperature_setpoint',
        sentence: `Outside the machine's own interlocks, ${low} to ${high} °C: it would trip.`,
      });
    }
    const guarded = Object.keys(config).some(
      (key) => key.endsWith('interlocks') && JSON.stringify(config[key]) !== JSON.stringify(base[key]),
    );
    return {
      problems,
      approvals_needed: guarded ? 2 : 1,
      consequence: machine
        ? this.#consequence(machine, base, config).replace('Approving sends', 'Once approved, Panfloor sends')
        : '',
    };
  }

  request(request: ChangeRequestDto, by: UserDto, nowMs: number): string {
    const machine = this.#machines.find((each) => each.id === request.machine);
    if (!machine) throw { code: 'not_found', sentence: 'There is no such machine.' };
    if (!by.roles.includes('engineer') && !by.roles.includes('approver')) {
      throw {
        code: 'not_allowed',
        sentence: `Requesting needs the role engineer; ${by.name} does not have it.`,
      };
    }
    const config = request.config as Config;
    const change = this.#change(machine, config, {
      request: hex(nowMs % 1_000_003),
      author: by.name,
      requestedMs: nowMs,
      reason: request.reason,
      needed: this.check(machine, config).approvals_needed,
    });
    this.#changes = [change, ...this.#changes];
    return change.request;
  }

  /** `later` is called when a step has been reached, some moments after an approval. */
  decide(request: DecideRequest, by: UserDto, nowMs: number, later: () => void): void {
    const state = { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' }[request.decision];
    const change = this.#changes.find((each) => each.request === request.request);
    if (state === undefined || !change) throw { code: 'bad_request', sentence: 'There is no such change.' };
    const approvals = [
      ...change.approvals,
      { user: by.name, time_ms: nowMs, decision: state, remark: request.remark },
    ];
    this.#update(change.request, (each) => ({ ...each, approvals }));
    if (state === 'approved' && approvals.length < change.approvals_needed) return;
    this.#reach(change.request, step(state, nowMs, by.name, nowMs % 7919, request.remark));
    if (state === 'approved') this.#run(change.request, 2, later);
  }

  /** The way after the approval, step by step. */
  #run(request: string, at: number, later: () => void): void {
    const name = PATH[at];
    if (name === undefined) return;
    setTimeout(
      () => {
        if (name === 'publishing' || name === 'applied') {
          this.#update(request, (change) => {
            const machine = change.machines[0]?.machine ?? 0;
            const applied = name === 'applied';
            if (applied) {
              const version = this.#versions.get(machine);
              if (version) version.reported = version.desired;
              this.#reported.set(machine, change.config as Config);
              return change;
            }
            const version = this.#publish(machine, change.config as Config, false);
            return { ...change, machines: change.machines.map((each) => ({ ...each, version })) };
          });
        }
        this.#reach(request, step(name, Date.now(), '', Date.now() % 7907));
        later();
        this.#run(request, at + 1, later);
      },
      Math.max(300, STEP_MS[at] ?? 0),
    );
  }

  #reach(request: string, reached: StepDto): void {
    const next = PATH[PATH.findIndex((name) => name === reached.step) + 1];
    const awaited = PATH.some((name) => name === reached.step) && next !== undefined;
    this.#update(request, (change) => ({
      ...change,
      state: reached.step,
      machines: change.machines.map((each) => ({
        ...each,
        state: reached.step,
        waiting: null,
        steps: [
          ...each.steps.filter((other) => other.time_ms !== null),
          reached,
          ...(awaited ? [{ ...step(next, null, '', 0), awaited_since_ms: reached.time_ms }] : []),
        ],
      })),
    }));
  }

  #update(request: string, by: (change: ChangeDto) => ChangeDto): void {
    this.#changes = this.#changes.map((change) => (change.request === request ? by(change) : change));
  }
}
