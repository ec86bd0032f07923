// The form of a class, read once.
import type { ClassDto } from '~/lib/ipc/bindings';
import { fieldsOf, type Field } from './schema';

const known = new WeakMap<ClassDto, readonly Field[]>();
const NONE: readonly Field[] = [];

export function fieldsOfClass(classes: readonly ClassDto[], id: string | null): readonly Field[] {
  const found = classes.find((each) => each.id === id);
  if (!found) return NONE;
  let fields = known.get(found);
  if (!fields) {
    fields = fieldsOf(found.config_schema);
    known.set(found, fields);
  }
  return fields;
}

/** Names of the parts of a list field, where its description gives one a part: `low, high`. */
export function partNames(field: Field): readonly string[] {
  if (field.kind !== 'number' || !field.list) return [];
  const parts = field.description.split(',').map((part) => part.trim());
  return parts.length === field.items.length ? parts : [];
}
