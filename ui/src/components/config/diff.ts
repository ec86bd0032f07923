// What differs between two configs, field by field.
import type { Field } from './schema';

export type Config = Readonly<Record<string, unknown>>;

export interface FieldDiff {
  readonly field: Field;
  readonly before: unknown;
  readonly after: unknown;
}

/** A config, or nothing where the wire holds no object. */
export const configOf = (value: unknown): Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Config) : {};

/** Equal as JSON: 46 and 46.0 are the same number, the order of members doesn't count. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, at) => sameValue(value, b[at]));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return false;
  const [left, right] = [a as Config, b as Config];
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && sameValue(left[name], right[name]))
  );
}

/** Members that differ, in the form's order; members without a field come last, as JSON. */
export function diffOf(fields: readonly Field[], before: Config, after: Config): readonly FieldDiff[] {
  const known = new Set(fields.map((field) => field.name));
  const strange = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !known.has(name))
    .map((name): Field => ({
      kind: 'opaque',
      name,
      title: name,
      description: '',
      unit: '',
      group: '',
      isProtected: false,
    }));
  return [...fields, ...strange]
    .map((field) => ({ field, before: before[field.name], after: after[field.name] }))
    .filter((each) => !sameValue(each.before, each.after));
}
