// Search over machines × measurements.
import type { Pen } from '~/lib/ipc/bindings';
import type { App } from '~/lib/stores';
import { penKey } from '~/lib/stores/trends.svelte';
import { penInfo } from './pens';

export interface PickerItem {
  readonly key: string;
  readonly pen: Pen;
  readonly machineName: string;
  readonly metricName: string;
  readonly unit: string;
  /** Name on the wire and others one may type. */
  readonly also: string;
  /** Already on screen. */
  readonly shown: boolean;
}

/** All measurements: those a machine has sent, and those of its class. */
export function pickerItems(app: App, shown: readonly Pen[]): PickerItem[] {
  const keys = new Set(shown.map(penKey));
  return app.plant.machines.flatMap((machine) => {
    const ofClass = app.hello.value?.classes.find((one) => one.id === machine.dto.class_id)?.metrics ?? [];
    const metrics = new Set([...ofClass.map((one) => one.name), ...machine.latest.keys()]);
    return [...metrics].map((metric): PickerItem => {
      const pen = { machine: machine.id, metric };
      const { machineName, address, metricName, unit } = penInfo(app, pen);
      const key = penKey(pen);
      return { key, pen, machineName, metricName, unit, also: `${address} ${metric}`, shown: keys.has(key) };
    });
  });
}

/** Items in which every typed word begins a word; `14 pr` finds Pan 14 Pressure. */
export function search(items: readonly PickerItem[], text: string): PickerItem[] {
  const typed = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return items.filter((item) => {
    const wordsOf = `${item.machineName} ${item.metricName} ${item.unit} ${item.also}`
      .toLowerCase()
      .split(/[\s_-]+/);
    return typed.every((word) => wordsOf.some((one) => one.startsWith(word)));
  });
}
