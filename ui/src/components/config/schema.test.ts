import { describe, expect, it } from 'vitest';
import aPan from '~contract/classes/a-pan.json';
import referencePan from '~contract/classes/reference-pan.json';
import { decimalsOf, fieldsOf, groupsOf } from './schema';

const fields = fieldsOf(referencePan.config_schema);
const named = (name: string) => fields.find((field) => field.name === name);

describe('fieldsOf', () => {
  it('makes a field of every member of both classes, none of them opaque', () => {
    for (const { config_schema: schema } of [referencePan, aPan]) {
      const read = fieldsOf(schema);
      expect(read.map((field) => field.name).sort()).toEqual(Object.keys(schema.properties).sort());
      expect(read.filter((field) => field.kind === 'opaque')).toEqual([]);
    }
  });

  it('reads bounds, step, unit and decimals of a number', () => {
    expect(named('temperature_setpoint')).toMatchObject({
      kind: 'number',
      title: 'Temperature setpoint',
      unit: '°C',
      group: 'setpoints',
      decimals: 1,
      integer: false,
      list: false,
      items: [{ minimum: 30, maximum: 90, step: 0.1 }],
    });
    expect(named('sample_interval_ms')).toMatchObject({ integer: true, decimals: 0, unit: 'ms' });
  });

  it('reads a pair with its order and protection', () => {
    expect(named('temperature_interlocks')).toMatchObject({
      kind: 'number',
      list: true,
      ascending: true,
      isProtected: true,
      items: [
        { minimum: 0, maximum: 100, step: null },
        { minimum: 0, maximum: 100, step: null },
      ],
    });
  });

  it('reads switches and choices, and shows as JSON what it does not understand', () => {
    const read = fieldsOf({
      properties: {
        heating: { type: 'boolean' },
        mode: { type: 'string', enum: ['a', 'b'] },
        label: { type: 'string' },
        odd: { type: 'object' },
        free_list: { type: 'array', items: { type: 'number' } },
      },
    });
    expect(read.map((field) => field.kind)).toEqual(['boolean', 'choice', 'text', 'opaque', 'opaque']);
    expect(read[0]?.title).toBe('Heating');
  });

  it.each([null, 7, 'x', {}, { properties: [] }, { properties: { a: 3 } }])(
    'makes no field of %j',
    (schema) => {
      expect(fieldsOf(schema)).toEqual([]);
    },
  );
});

describe('groupsOf', () => {
  it('orders setpoints, operation, interlocks, then the rest', () => {
    const more = fieldsOf({
      properties: { z: { type: 'boolean', 'x-group': 'extra' }, ...referencePan.config_schema.properties },
    });
    expect(groupsOf(more).map((group) => [group.name, group.isProtected])).toEqual([
      ['setpoints', false],
      ['operation', false],
      ['interlocks', true],
      ['extra', false],
    ]);
  });
});

it('counts the decimals that a step needs', () => {
  expect([1, 5, 0.1, 0.05, 0.025].map(decimalsOf)).toEqual([0, 0, 1, 2, 3]);
});
