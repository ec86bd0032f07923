import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import referencePan from '~contract/classes/reference-pan.json';
import type { CheckDto, ConfigDetail } from '~/lib/ipc/bindings';
import { CHECK_AFTER_MS, Editor } from './editor.svelte';
import { fieldsOf } from './schema';

const fields = fieldsOf(referencePan.config_schema);
const detail: ConfigDetail = {
  machine: 5,
  name: 'Pan 05',
  class_id: 'reference-pan',
  firmware: null,
  mode: null,
  desired: referencePan.default_config,
  desired_version: 12_004,
  reported: referencePan.default_config,
  reported_version: 12_004,
  reported_ms: 1,
  versions: [],
};
const fine: CheckDto = { problems: [], approvals_needed: 1, consequence: 'It moves.' };

describe('Editor', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks the core once typing has paused, and is ready with its answer', async () => {
    const check = vi.fn(async () => fine);
    const editor = new Editor(detail, fields, check);
    editor.type('temperature_setpoint', 0, '46');
    editor.type('temperature_setpoint', 0, '46.5');
    expect(check).not.toHaveBeenCalled();
    expect(editor.ready).toBe(false);
    await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
    expect(check).toHaveBeenCalledExactlyOnceWith(5, {
      ...referencePan.default_config,
      temperature_setpoint: 46.5,
    });
    expect(editor.ready).toBe(true);
    editor.type('temperature_setpoint', 0, '46.6');
    expect(editor.ready).toBe(false);
  });

  it('does not ask about what it knows to be wrong, and shows what the core finds', async () => {
    const check = vi.fn(async () => ({
      ...fine,
      problems: [{ field: 'pressure_setpoint', sentence: 'No.' }],
    }));
    const editor = new Editor(detail, fields, check);
    editor.type('temperature_setpoint', 0, '99');
    await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
    expect(check).not.toHaveBeenCalled();
    expect(editor.problems).toEqual({ temperature_setpoint: 'Allowed: 30–90 °C.' });
    editor.type('temperature_setpoint', 0, '46.5');
    await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
    expect(editor.problems).toEqual({ pressure_setpoint: 'No.' });
    expect(editor.ready).toBe(false);
  });

  it('drops an answer that an edit has overtaken', async () => {
    const answers: ((answer: CheckDto) => void)[] = [];
    const check = () => new Promise<CheckDto>((resolve) => answers.push(resolve));
    const editor = new Editor(detail, fields, check);
    editor.type('temperature_setpoint', 0, '46.5');
    await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
    editor.type('temperature_setpoint', 0, '46.6');
    await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
    answers[0]?.(fine);
    await vi.advanceTimersByTimeAsync(0);
    expect(editor.current).toBeNull();
    answers[1]?.(fine);
    await vi.advanceTimersByTimeAsync(0);
    expect(editor.current).toEqual(fine);
  });

  it('follows the desired config while nothing is typed, and keeps what is typed', () => {
    const editor = new Editor(detail, fields, async () => fine);
    const next = {
      ...detail,
      desired: { ...referencePan.default_config, pressure_setpoint: 66 },
      desired_version: 12_005,
    };
    editor.take(next);
    expect(editor.texts.pressure_setpoint).toEqual(['66.0']);
    editor.type('temperature_setpoint', 0, '46.5');
    editor.take({ ...next, desired_version: 12_006 });
    expect(editor.texts.temperature_setpoint).toEqual(['46.5']);
    expect(editor.outrun).toBe(true);
    expect(editor.base.desired_version).toBe(12_005);
    editor.discard();
    expect([editor.dirty, editor.outrun]).toEqual([false, false]);
  });

  it('shows a number as it will be sent once its field is left', () => {
    const editor = new Editor(detail, fields, async () => fine);
    editor.type('pressure_setpoint', 0, '62,5');
    expect(editor.reading.config.pressure_setpoint).toBe(62.5);
    editor.settle('pressure_setpoint', 0);
    expect(editor.texts.pressure_setpoint).toEqual(['62.5']);
    editor.type('pressure_setpoint', 0, 'x');
    editor.settle('pressure_setpoint', 0);
    expect(editor.texts.pressure_setpoint).toEqual(['x']);
  });

  it('comes back from a draft as it was left, also wrong values, on the base it had', () => {
    const left = new Editor(detail, fields, async () => fine);
    expect(left.draft).toBeNull();
    left.type('temperature_setpoint', 0, '46.5');
    left.type('pressure_setpoint', 0, 'x');
    left.reason = 'Slower boiling';
    const kept: unknown = JSON.parse(JSON.stringify(left.draft));
    const back = new Editor({ ...detail, desired_version: 12_005 }, fields, async () => fine);
    back.restore(kept);
    expect(back.texts).toEqual(left.texts);
    expect([back.reason, back.dirty, back.outrun]).toEqual(['Slower boiling', true, true]);
  });

  it('leaves out of a draft what no longer fits', () => {
    const editor = new Editor(detail, fields, async () => fine);
    for (const kept of [null, 3, {}, { texts: 1 }]) editor.restore(kept);
    expect(editor.dirty).toBe(false);
    editor.restore({
      texts: {
        colour: ['red'],
        temperature_setpoint: [46],
        temperature_interlocks: ['40'],
        pressure_setpoint: ['66'],
      },
      desired: detail.desired,
      version: 12_004,
    });
    expect(editor.changes.map(({ field }) => field.name)).toEqual(['pressure_setpoint']);
  });
});
