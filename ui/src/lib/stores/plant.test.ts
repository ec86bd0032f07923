import { expect, test } from 'vitest';
import { openFakeHost } from '~/lib/host/fake';
import { Clock } from './clock.svelte';
import { PlantStore } from './plant.svelte';

test('the newest measured sample counts as now, and says when it is stale', async () => {
  const plant = new PlantStore(openFakeHost(new URLSearchParams('n=2')), new Clock());
  await plant.refetch();
  const machine = plant.machine(1);
  if (!machine) throw new Error('no machine');
  const nowMs = Date.now() + 60_000;
  machine.add('pressure', nowMs - 400, 71.5);
  machine.add('pressure', nowMs - 5000, 12);
  expect(plant.measured(1, 'pressure', nowMs)).toEqual({
    timeMs: nowMs - 400,
    value: 71.5,
    ageMs: 400,
    stale: false,
  });
  const later = nowMs + machine.dto.stale_after_ms;
  expect(plant.measured(1, 'pressure', later)).toMatchObject({ value: 71.5, stale: true });
  expect(plant.measured(1, 'no such', nowMs)).toBeNull();
  expect(plant.measured(99, 'pressure', nowMs)).toBeNull();
  expect(plant.newestMs).toBe(nowMs - 400);
});
