// What is typed into the form, as text, and what config it makes.
import { formatNumber, parseNumber } from '~/lib/format';
import { words } from '~/lib/words';
import { configOf, sameValue, type Config } from './diff';
import type { Bounds, Field, NumberField } from './schema';

/** The inputs of a field: one text each; a switch is `true` or `false`. */
export type Texts = Readonly<Record<string, readonly string[]>>;

const numbersOf = (field: NumberField, value: unknown): readonly unknown[] => {
  if (!field.list) return [value];
  return Array.isArray(value) ? value : [];
};

/** A number as the form writes it: the field's decimals, more where the value has more. */
export function numberText(value: unknown, field: NumberField): string {
  if (typeof value !== 'number') return '';
  let decimals = field.decimals;
  while (decimals < 6 && Math.abs(value * 10 ** decimals - Math.round(value * 10 ** decimals)) > 1e-6) {
    decimals += 1;
  }
  return formatNumber(value, decimals);
}

export function textsOf(fields: readonly Field[], config: Config): Texts {
  return Object.fromEntries(
    fields.map((field): [string, readonly string[]] => {
      const value = config[field.name];
      switch (field.kind) {
        case 'number': {
          const numbers = numbersOf(field, value);
          return [field.name, field.items.map((_, at) => numberText(numbers[at], field))];
        }
        case 'boolean':
          return [field.name, [value === true ? 'true' : value === false ? 'false' : '']];
        case 'choice':
        case 'text':
          return [field.name, [typeof value === 'string' ? value : '']];
        case 'opaque':
          return [field.name, []];
      }
    }),
  );
}

/** `30–90 °C`, or nothing where the schema sets no bounds. */
export function rangeText(bounds: Bounds, field: NumberField): string {
  const { minimum, maximum } = bounds;
  const say = words.configs.range;
  const number = (value: number) => formatNumber(value, Number.isInteger(value) ? 0 : field.decimals);
  if (minimum !== null && maximum !== null) return say.between(number(minimum), number(maximum), field.unit);
  if (minimum !== null) return say.from(number(minimum), field.unit);
  return maximum === null ? '' : say.to(number(maximum), field.unit);
}

function numberProblem(value: number, bounds: Bounds, field: NumberField): string {
  const say = words.configs.problem;
  const { minimum, maximum, step } = bounds;
  if ((minimum !== null && value < minimum) || (maximum !== null && value > maximum)) {
    return say.range(rangeText(bounds, field));
  }
  if (field.integer && !Number.isInteger(value)) return say.whole;
  const steps = step === null ? 0 : value / step;
  if (step !== null && Math.abs(steps - Math.round(steps)) > 1e-6) {
    return say.step(formatNumber(step, field.decimals), field.unit);
  }
  return '';
}

function readNumbers(field: NumberField, texts: readonly string[]): { value: unknown } | { problem: string } {
  const values: number[] = [];
  for (const [at, bounds] of field.items.entries()) {
    const typed = texts[at] ?? '';
    if (typed.trim() === '') return { problem: words.configs.problem.missing };
    const value = parseNumber(typed);
    if (value === null) return { problem: words.configs.problem.number(typed.trim()) };
    const problem = numberProblem(value, bounds, field);
    if (problem !== '') return { problem };
    values.push(value);
  }
  if (field.ascending && values.some((value, at) => at > 0 && value <= (values[at - 1] ?? -Infinity))) {
    return { problem: words.configs.problem.order };
  }
  return { value: field.list ? values : values[0] };
}

export interface Reading {
  /** The whole config: what the fields say, and what no field shows as it was. */
  readonly config: Config;
  /** Sentence by field name; empty: the config may be checked by the core. */
  readonly problems: Readonly<Record<string, string>>;
}

/** Reads the form. A number left as it was shown keeps its exact value, also one finer than its display. */
export function readTexts(fields: readonly Field[], texts: Texts, base: unknown): Reading {
  const before = configOf(base);
  const shown = textsOf(fields, before);
  const config: Record<string, unknown> = { ...before };
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const typed = texts[field.name] ?? [];
    if (field.kind === 'opaque') continue;
    if (Object.hasOwn(before, field.name) && sameValue(typed, shown[field.name])) continue;
    if (field.kind === 'number') {
      const read = readNumbers(field, typed);
      if ('problem' in read) problems[field.name] = read.problem;
      else config[field.name] = read.value;
    } else if ((typed[0] ?? '') === '' && field.kind !== 'text') {
      problems[field.name] = words.configs.problem.missing;
    } else {
      config[field.name] = field.kind === 'boolean' ? typed[0] === 'true' : (typed[0] ?? '');
    }
  }
  return { config, problems };
}

/** A value for people: `46.5 °C`, `40.0, 50.0 °C`, `on`. */
export function valueText(field: Field, value: unknown): string {
  if (value === undefined || value === null) return words.configs.noValue;
  switch (field.kind) {
    case 'number': {
      const numbers = field.list ? (Array.isArray(value) ? value : null) : [value];
      if (!numbers?.every((each) => typeof each === 'number')) return JSON.stringify(value);
      return numbers.map((each) => numberText(each, field)).join(', ');
    }
    case 'boolean':
      return value === true ? words.configs.on : value === false ? words.configs.off : JSON.stringify(value);
    case 'choice':
    case 'text':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'opaque':
      return JSON.stringify(value);
  }
}
