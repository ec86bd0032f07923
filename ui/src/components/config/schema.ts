// The form of a config, read from the JSON Schema of its class. What a schema says that isn't understood here becomes a
// field shown as JSON and not editable: nothing is guessed, and nothing is left out.

export interface Bounds {
  readonly minimum: number | null;
  readonly maximum: number | null;
  /** Smallest step, from `multipleOf`. */
  readonly step: number | null;
}

interface FieldBase {
  /** Member name in the config. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly group: string;
  /** A change here needs one approval more. */
  readonly isProtected: boolean;
}
/** A number, or several that stand side by side (`low, high`). */
export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly integer: boolean;
  readonly list: boolean;
  readonly items: readonly Bounds[];
  readonly ascending: boolean;
  readonly decimals: number;
}
export interface BooleanField extends FieldBase {
  readonly kind: 'boolean';
}
export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly choices: readonly string[];
}
export interface TextField extends FieldBase {
  readonly kind: 'text';
}
export interface OpaqueField extends FieldBase {
  readonly kind: 'opaque';
}
export type Field = NumberField | BooleanField | ChoiceField | TextField | OpaqueField;

export interface FieldGroup {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly isProtected: boolean;
}

/** Groups in the order in which an operator thinks of them; others follow as they come. */
const GROUP_ORDER = ['setpoints', 'operation', 'interlocks'];
/** Decimals where the schema names no step. */
const FREE_DECIMALS = 1;
const MOST_DECIMALS = 6;

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOrNull = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** `temperature_setpoint` → `Temperature setpoint`, for schemas without titles. */
const readable = (name: string) => {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const boundsOf = (schema: Json): Bounds => ({
  minimum: numberOrNull(schema.minimum),
  maximum: numberOrNull(schema.maximum),
  step: numberOrNull(schema.multipleOf),
});

/** Decimals that a step needs: 0.1 → 1, 5 → 0. */
export function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < MOST_DECIMALS; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-9) return decimals;
  }
  return MOST_DECIMALS;
}

function numberField(base: FieldBase, schema: Json, items: readonly Json[], list: boolean): NumberField {
  const bounds = items.map(boundsOf);
  const integer = items.every((item) => item.type === 'integer');
  const steps = bounds.map(({ step }) => (step === null ? FREE_DECIMALS : decimalsOf(step)));
  return {
    ...base,
    kind: 'number',
    integer,
    list,
    items: bounds,
    ascending: schema['x-order'] === 'ascending',
    decimals: integer ? 0 : Math.max(0, ...steps),
  };
}

const isNumeric = (schema: Json): boolean => schema.type === 'number' || schema.type === 'integer';

function fieldOf(name: string, schema: Json): Field {
  const base: FieldBase = {
    name,
    title: text(schema.title) || readable(name),
    description: text(schema.description),
    unit: text(schema['x-unit']),
    group: text(schema['x-group']),
    isProtected: schema['x-protected'] === true,
  };
  if (schema.type === 'boolean') return { ...base, kind: 'boolean' };
  if (isNumeric(schema)) return numberField(base, schema, [schema], false);
  const items = schema.prefixItems;
  if (schema.type === 'array' && Array.isArray(items) && items.length > 0) {
    const numbers = items.filter(isObject).filter(isNumeric);
    if (numbers.length === items.length) return numberField(base, schema, numbers, true);
  }
  const choices = schema.enum;
  if (Array.isArray(choices) && choices.every((choice) => typeof choice === 'string')) {
    return { ...base, kind: 'choice', choices };
  }
  return schema.type === 'string' ? { ...base, kind: 'text' } : { ...base, kind: 'opaque' };
}

/** The fields of a schema, in its order. */
export function fieldsOf(schema: unknown): readonly Field[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  return Object.entries(schema.properties).flatMap(([name, member]) =>
    isObject(member) ? [fieldOf(name, member)] : [],
  );
}

export function groupsOf(fields: readonly Field[]): readonly FieldGroup[] {
  const names = [...new Set(fields.map((field) => field.group))];
  const place = (name: string) => {
    const at = GROUP_ORDER.indexOf(name);
    return at < 0 ? GROUP_ORDER.length : at;
  };
  return names
    .sort((a, b) => place(a) - place(b))
    .map((name) => {
      const members = fields.filter((field) => field.group === name);
      return { name, fields: members, isProtected: members.every((field) => field.isProtected) };
    });
}
