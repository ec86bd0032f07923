import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import referencePan from '~contract/classes/reference-pan.json';
import { CHECK_AFTER_MS } from '~/components/config/editor.svelte';
import type { App } from '~/lib/stores';
import { Bench } from './bench.svelte';

const detail = {
  machine: 5,
  class_id: 'reference-pan',
  desired: referencePan.default_config,
  desired_version: 12_004,
  reported: referencePan.default_config,
};

/** What a bench needs of the app. */
function app(values: Record<string, unknown> = {}) {
  const settings = {
    values,
    set: vi.fn(
      async (key: string, value: unknown) => void (settings.values = { ...settings.values, [key]: value }),
    ),
  };
  const check = vi.fn(async () => ({
    problems: [{ field: 'pressure_setpoint', sentence: 'It would trip.' }],
    approvals_needed: 1,
    consequence: '',
  }));
  const made = {
    settings,
    attempt: (action: () => Promise<void>) => action(),
    hello: { value: { classes: [referencePan], read_only: false } },
    configs: { detail, check, open: async () => undefined },
  };
  return { made: made as unknown as App, settings, check };
}

function opened(of: App): Bench {
  const bench = new Bench(of);
  bench.open(5);
  bench.take();
  return bench;
}

describe('Bench', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('marks a machine whose edit is not requested, and has it kept over a restart', async () => {
    const { made, settings } = app();
    const bench = opened(made);
    expect(bench.isEdited(5)).toBe(false);
    bench.editor?.type('pressure_setpoint', 0, '66');
    flushSync();
    expect(bench.isEdited(5)).toBe(true);
    bench.keep();
    await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
    expect(settings.set).toHaveBeenCalledOnce();

    const again = new Bench(made);
    expect(again.isEdited(5)).toBe(true);
    again.open(5);
    again.take();
    expect(again.editor?.texts.pressure_setpoint).toEqual(['66']);
    again.editor?.discard();
    again.keep();
    await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
    expect(settings.values).toEqual({ 'configs.drafts': {} });
    expect(new Bench(made).isEdited(5)).toBe(false);
  });

  it('has a requested config checked once, whoever requested it', async () => {
    const { made, check } = app();
    const bench = opened(made);
    const change = { request: 'ab'.repeat(32), machines: [{ machine: 5 }], config: {} } as never;
    expect(bench.problemsOf(change)).toEqual({});
    await bench.examine(change);
    await bench.examine(change);
    expect(check).toHaveBeenCalledOnce();
    expect(bench.problemsOf(change)).toEqual({ pressure_setpoint: 'It would trip.' });
  });
});
