import { describe, expect, it } from 'vitest';
import type { StepDto } from '~/lib/ipc/bindings';
import { isUnderWay } from '~/lib/change-state';
import { timelineOf } from './timeline';

const change = { request: 'ab'.repeat(32), author: 'Engineer 2', requested_ms: 1000 };
const step = (name: string, time_ms: number | null, more: Partial<StepDto> = {}): StepDto => ({
  step: name,
  time_ms,
  awaited_since_ms: null,
  by: '',
  record: '',
  remark: '',
  ...more,
});
const shape = (state: string, steps: StepDto[]) =>
  timelineOf(change, { state, steps }).map(({ step: name, kind, timeMs }) => [name, kind, timeMs]);

describe('timelineOf', () => {
  it('begins with the request itself and shows the whole way', () => {
    expect(shape('requested', [])).toEqual([
      ['requested', 'proven', 1000],
      ['approved', 'awaited', 1000],
      ['publishing', 'coming', null],
      ['published', 'coming', null],
      ['received', 'coming', null],
      ['applied', 'coming', null],
    ]);
  });

  it('says since when the next step is awaited, as the core says it', () => {
    const steps = [step('approved', 2000), step('published', null, { awaited_since_ms: 2400 })];
    expect(shape('approved', steps)[2]).toEqual(['publishing', 'awaited', 2000]);
    expect(shape('publishing', [...steps, step('publishing', 2300)]).slice(2, 4)).toEqual([
      ['publishing', 'proven', 2300],
      ['published', 'awaited', 2400],
    ]);
  });

  it('never calls a step proven that has no time, and passes over one that left no trace', () => {
    const steps = [step('approved', 2000), step('received', null), step('applied', 5000)];
    expect(shape('applied', steps)).toEqual([
      ['requested', 'proven', 1000],
      ['approved', 'proven', 2000],
      ['applied', 'proven', 5000],
    ]);
  });

  it.each(['refused', 'rejected', 'withdrawn', 'expired', 'overruled', 'stale'])(
    'ends with %s and awaits nothing after',
    (end) => {
      const steps = [step('approved', null, { awaited_since_ms: 1000 }), step(end, 3000, { remark: 'why' })];
      const shown = timelineOf(change, { state: end, steps });
      expect(shown.map(({ kind }) => kind)).toEqual(['proven', 'ended']);
      expect(shown.at(-1)).toMatchObject({ step: end, timeMs: 3000, remark: 'why' });
      expect(isUnderWay(end)).toBe(false);
    },
  );

  it('ends also where the core gives no step for the end', () => {
    expect(shape('stale', [])).toEqual([
      ['requested', 'proven', 1000],
      ['stale', 'ended', null],
    ]);
  });
});
