// The invented plant's configs and changes.
import type {
  ChangeDto,
  ChangeRequestDto,
  CheckDto,
  ConfigBrief,
  ConfigDetail,
  ConfigsDto,
  DecideRequest,
  UserDto,
} from '~/lib/ipc/bindings';
import type { FakeMachine } from './machines';

const MINUTE = 60_000;

export class FakeConfigs {
  readonly #machines: readonly FakeMachine[];
  readonly #startMs: number;
  #changes: ChangeDto[];

  constructor(machines: readonly FakeMachine[], startMs: number) {
    this.#machines = machines;
    this.#startMs = startMs;
    this.#changes = machines
      .filter((machine) => machine.id === 5)
      .map((machine) =>
        this.#change(machine, { ...machine.file.default_config, temperature_setpoint: 46.4 }),
      );
  }

  #change(machine: FakeMachine, config: Record<string, unknown>): ChangeDto {
    return {
      request: `${String(machine.id).padStart(2, '0')}a7c4e1`.repeat(8),
      author: 'Engineer 2',
      station: 'Control room 1',
      requested_ms: this.#startMs - 12 * MINUTE,
      reason: 'Colour rises at 46.0 °C since the last strike',
      machines: [
        {
          machine: machine.id,
          name: machine.name,
          state: 'requested',
          version: null,
          steps: [
            {
              step: 'requested',
              time_ms: this.#startMs - 12 * MINUTE,
              awaited_since_ms: null,
              by: 'Engineer 2',
              record: '05a7c4e1',
              remark: '',
            },
            {
              step: 'approved',
              time_ms: null,
              awaited_since_ms: this.#startMs - 12 * MINUTE,
              by: '',
              record: '',
              remark: '',
            },
          ],
        },
      ],
      config,
      base_config: machine.file.default_config,
      base: '12.4',
      state: 'requested',
      approvals: [],
      approvals_needed: 1,
      may_decide: false,
      why_not: '',
      may_withdraw: false,
      consequence: `${machine.name} takes the new setpoint as soon as it is published.`,
    };
  }

  brief(machine: number): ConfigBrief {
    const open = this.#changes.some(
      (change) => change.state === 'requested' && change.machines.some((each) => each.machine === machine),
    );
    return {
      state: open ? 'requested' : 'in_sync',
      desired: '12.4',
      reported: '12.4',
      since_ms: this.#startMs - 600 * MINUTE,
    };
  }

  dto(user: UserDto | null): ConfigsDto {
    return {
      machines: this.#machines.map(({ id, name }) => ({ machine: id, name, brief: this.brief(id) })),
      changes: this.#changes.map((change) => ({
        ...change,
        may_decide: change.state === 'requested' && (user?.roles.includes('approver') ?? false),
        why_not: user?.roles.includes('approver') ? '' : 'Approving needs the role approver.',
        may_withdraw: user?.name === change.author,
      })),
      publisher: { state: 'open', epoch: 12, heartbeat_ms: Date.now(), unshared: 0 },
    };
  }

  detail(machine: FakeMachine | undefined, nowMs: number): ConfigDetail {
    if (!machine) throw { code: 'not_found', sentence: 'There is no such machine.' };
    const config = machine.file.default_config;
    return {
      machine: machine.id,
      name: machine.name,
      class_id: machine.file.id,
      firmware: '2.8.1',
      mode: 'remote',
      desired: config,
      desired_version: 52_004,
      reported: config,
      reported_version: 52_004,
      reported_ms: nowMs - 40 * MINUTE,
      versions: [
        { shown: '12.4', config, time_ms: nowMs - 600 * MINUTE, author: 'Engineer 2' },
        { shown: '12.3', config, time_ms: nowMs - 3600 * MINUTE, author: 'Engineer 1' },
      ],
    };
  }

  check(): CheckDto {
    return {
      problems: [],
      approvals_needed: 1,
      consequence: 'The machine takes the new values once published.',
    };
  }

  request(request: ChangeRequestDto, by: UserDto | null, nowMs: number): string {
    const machine = this.#machines.find((each) => each.id === request.machine);
    if (!machine) throw { code: 'not_found', sentence: 'There is no such machine.' };
    const change = {
      ...this.#change(machine, request.config as Record<string, unknown>),
      request: nowMs.toString(16).padEnd(64, '0'),
      author: by?.name ?? '',
      requested_ms: nowMs,
      reason: request.reason,
    };
    this.#changes = [change, ...this.#changes];
    return change.request;
  }

  decide(request: DecideRequest, by: UserDto | null, nowMs: number): void {
    const state = { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' }[request.decision];
    if (state === undefined) throw { code: 'bad_request', sentence: 'No such decision.' };
    this.#changes = this.#changes.map((change) =>
      change.request !== request.request
        ? change
        : {
            ...change,
            state,
            approvals: [
              ...change.approvals,
              { user: by?.name ?? '', time_ms: nowMs, decision: state, remark: request.remark },
            ],
          },
    );
  }
}
