// The steps of a change at one machine: proven ones with their time, the next one as awaited, the rest to come.
import type { ChangeDto, ChangeMachine, StepDto } from '~/lib/ipc/bindings';

export interface TimelineStep {
  readonly step: string;
  readonly kind: 'proven' | 'awaited' | 'coming' | 'ended';
  /** When it was proven, or since when it is awaited. */
  readonly timeMs: number | null;
  readonly by: string;
  readonly record: string;
  readonly remark: string;
}

/** The way of a change that goes well. */
export const PATH = ['requested', 'approved', 'publishing', 'published', 'received', 'applied'] as const;
/** Ends without an effect; what they say comes with a remark. */
const ENDS: readonly string[] = [
  'refused',
  'rejected',
  'withdrawn',
  'expired',
  'overruled',
  'stale',
  'not_seen',
];
export const isEnd = (step: string): boolean => ENDS.includes(step);

const unproven = (step: string): StepDto => ({
  step,
  time_ms: null,
  awaited_since_ms: null,
  by: '',
  record: '',
  remark: '',
});

/** The steps in order, completed: the request itself first, and after the known ones those still to come. */
export function timelineOf(
  change: Pick<ChangeDto, 'request' | 'author' | 'requested_ms'>,
  machine: Pick<ChangeMachine, 'steps' | 'state'>,
): readonly TimelineStep[] {
  const given = new Map(machine.steps.map((step) => [step.step, step]));
  const request: StepDto = {
    ...unproven('requested'),
    time_ms: change.requested_ms,
    by: change.author,
    record: change.request.slice(0, 8),
  };
  const ended = machine.steps.find((step) => isEnd(step.step) && step.time_ms !== null);
  const over = ended !== undefined || isEnd(machine.state);
  const steps = PATH.map((step) => given.get(step) ?? (step === 'requested' ? request : unproven(step)));
  const proven = steps.filter((step) => step.time_ms !== null);
  // A step that left no trace of its own before one that did is passed over, not drawn as missing.
  const open = over ? [] : steps.slice(steps.findLastIndex((step) => step.time_ms !== null) + 1);
  const last = proven.at(-1);
  const shown: TimelineStep[] = proven.map((step) => entry(step, 'proven', step.time_ms));
  for (const [at, step] of open.entries()) {
    const since = step.awaited_since_ms ?? (at === 0 ? (last?.time_ms ?? null) : null);
    shown.push(entry(step, at === 0 ? 'awaited' : 'coming', at === 0 ? since : null));
  }
  if (ended) shown.push(entry(ended, 'ended', ended.time_ms));
  else if (over) shown.push(entry(given.get(machine.state) ?? unproven(machine.state), 'ended', null));
  return shown;
}

const entry = (step: StepDto, kind: TimelineStep['kind'], timeMs: number | null): TimelineStep => ({
  step: step.step,
  kind,
  timeMs,
  by: step.by,
  record: step.record,
  remark: step.remark,
});

/** When a change last moved. */
export function lastMovedMs(change: ChangeDto): number {
  const times = change.machines.flatMap((machine) => machine.steps.map((step) => step.time_ms ?? 0));
  return Math.max(change.requested_ms, ...times);
}
