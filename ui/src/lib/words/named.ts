// Names on the wire, put into words. A name that the catalogue doesn't know is shown as it is, readable.
import type { AlarmRow } from '~/lib/ipc/bindings';
import { priorityOf, type Priority } from '~/lib/priority';
import { words } from '.';

export { priorityOf, type Priority };

const plain = (name: string) => name.replaceAll('_', ' ');
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const look = (table: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

export function phaseName(phase: string | null, short = false): string {
  if (phase === null) return words.process.phaseUnknown;
  const shorter = short ? look(words.process.phaseShort, phase) : undefined;
  return shorter ?? look(words.process.phase, phase) ?? capital(plain(phase));
}

export const metricName = (metric: string): string =>
  look(words.process.metric, metric) ?? capital(plain(metric));

export const metricLetter = (metric: string): string =>
  look(words.process.metricLetter, metric) ?? capital(metric.slice(0, 1));

/** The condition alone: `high-high`. */
export const conditionName = (condition: string): string =>
  look(words.process.condition, condition) ?? plain(condition.replace(/^limit:/, ''));

/** Measurement and condition: `Pressure high-high`, or `No data` for the machine as a whole. */
export function alarmName(row: Pick<AlarmRow, 'metric' | 'condition'>): string {
  if (row.metric === '')
    return look(words.process.conditionAlone, row.condition) ?? capital(conditionName(row.condition));
  return words.process.measurementCondition(metricName(row.metric), conditionName(row.condition));
}

/** `>` or `<` for limits, by the side they guard; nothing for other conditions. */
export function limitSign(condition: string): string {
  if (condition.startsWith('limit:high')) return '>';
  return condition.startsWith('limit:low') ? '<' : '';
}

export const stateName = (state: string): string => look(words.process.alarmState, state) ?? state;
export const stateShort = (state: string): string => look(words.process.alarmStateShort, state) ?? state;
export const priorityName = (name: string): string => words.process.priority[priorityOf(name)];
export const roleName = (role: string): string => look(words.signin.role, role) ?? plain(role);

export const configStateName = (state: string): string => look(words.configs.state, state) ?? plain(state);
export const configStateMeaning = (state: string): string => look(words.configs.stateMeans, state) ?? '';
export const stepName = (step: string): string => look(words.configs.step, step) ?? capital(plain(step));
/** What is awaited, where that has words of its own. */
export const awaitedName = (step: string): string => look(words.configs.awaited, step) ?? stepName(step);
/** What proves a step, where nobody is named for it. */
export const stepProof = (step: string): string => look(words.configs.proof, step) ?? '';
export const configGroupName = (group: string): string =>
  group === '' ? words.configs.group.other : (look(words.configs.group, group) ?? capital(plain(group)));
export const configGroupMeaning = (group: string): string => look(words.configs.groupMeans, group) ?? '';
export const modeName = (mode: string): string => look(words.configs.form.mode, mode) ?? plain(mode);
