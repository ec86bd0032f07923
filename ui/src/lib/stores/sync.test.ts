import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { COALESCE_MS, Sync } from './sync';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setUp() {
  const sync = new Sync();
  const plant = vi.fn(() => Promise.resolve());
  const alarms = vi.fn(() => Promise.resolve());
  sync.register('plant', plant);
  sync.register('alarms', alarms);
  return { sync, plant, alarms };
}

test('notices close together cost one request a domain', () => {
  const { sync, plant, alarms } = setUp();
  sync.onChanged({ number: 1, domains: ['plant'] });
  sync.onChanged({ number: 2, domains: ['plant'] });
  vi.advanceTimersByTime(COALESCE_MS);
  expect(plant).toHaveBeenCalledOnce();
  expect(alarms).not.toHaveBeenCalled();
});

test('a jump of the number asks for everything', () => {
  const { sync, plant, alarms } = setUp();
  sync.onChanged({ number: 1, domains: [] });
  sync.onChanged({ number: 3, domains: ['plant'] });
  vi.advanceTimersByTime(COALESCE_MS);
  expect(plant).toHaveBeenCalledOnce();
  expect(alarms).toHaveBeenCalledOnce();
});
