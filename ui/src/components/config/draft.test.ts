import { describe, expect, it } from 'vitest';
import referencePan from '~contract/classes/reference-pan.json';
import { configOf, diffOf, sameValue } from './diff';
import { readTexts, textsOf, valueText } from './draft';
import { fieldsOf, type Field } from './schema';

const fields = fieldsOf(referencePan.config_schema);
const base = configOf(referencePan.default_config);
const field = (name: string): Field => {
  const found = fields.find((each) => each.name === name);
  if (!found) throw new Error(name);
  return found;
};
const typed = (more: Record<string, readonly string[]>) => ({ ...textsOf(fields, base), ...more });

describe('readTexts', () => {
  it('gives back the very config when nothing is typed', () => {
    expect(readTexts(fields, textsOf(fields, base), base)).toEqual({ config: base, problems: {} });
  });

  it('keeps a value finer than its display, as long as nobody types over it', () => {
    const fine = { ...base, temperature_setpoint: 46.123456789 };
    expect(readTexts(fields, textsOf(fields, fine), fine).config).toEqual(fine);
  });

  it('keeps members that the schema does not know', () => {
    const odd = { ...base, firmware_flag: { a: 1 } };
    const { config } = readTexts(fields, typed({ temperature_setpoint: ['46.5'] }), odd);
    expect(config).toEqual({ ...odd, temperature_setpoint: 46.5 });
  });

  it('reads numbers, pairs and switches', () => {
    const { config, problems } = readTexts(
      fields,
      typed({
        temperature_setpoint: [' 46.5 '],
        temperature_interlocks: ['40', '51.5'],
        heating_enabled: ['false'],
        sample_interval_ms: ['2,000'],
      }),
      base,
    );
    expect(problems).toEqual({});
    expect(config).toEqual({
      ...base,
      temperature_setpoint: 46.5,
      temperature_interlocks: [40, 51.5],
      heating_enabled: false,
      sample_interval_ms: 2000,
    });
  });

  it.each([
    ['temperature_setpoint', [''], 'A value is needed.'],
    ['temperature_setpoint', ['46..5'], '“46..5” is no number.'],
    ['temperature_setpoint', ['91'], 'Allowed: 30–90 °C.'],
    ['temperature_setpoint', ['46.55'], 'In steps of 0.1 °C.'],
    ['sample_interval_ms', ['100.5'], 'A whole number is needed.'],
    ['temperature_interlocks', ['50', '50'], 'The first must be lower than the second.'],
    ['temperature_interlocks', ['40', ''], 'A value is needed.'],
  ])('refuses %s %j', (name, texts, sentence) => {
    const { config, problems } = readTexts(fields, typed({ [name]: texts }), base);
    expect(problems).toEqual({ [name]: sentence });
    expect(config[name]).toEqual(base[name]);
  });

  it('takes a tenth that binary numbers cannot hold as a whole step', () => {
    for (let tenth = 300; tenth <= 900; tenth++) {
      const text = (tenth / 10).toFixed(1);
      expect(readTexts(fields, typed({ temperature_setpoint: [text] }), base).problems).toEqual({});
    }
  });

  it('asks for every value where there is no config yet', () => {
    const { problems } = readTexts(fields, textsOf(fields, {}), null);
    expect(Object.keys(problems).sort()).toEqual(fields.map((each) => each.name).sort());
  });
});

describe('diffOf', () => {
  it('takes 46 and 46.0 and another order of members for the same', () => {
    expect(sameValue(JSON.parse('{"a":46.0,"b":[1,2]}'), JSON.parse('{"b":[1,2],"a":46}'))).toBe(true);
    expect(sameValue([1, 2], [1])).toBe(false);
    expect(sameValue({ a: 1 }, { a: 1, b: undefined })).toBe(false);
    expect(sameValue(null, {})).toBe(false);
  });

  it('lists what differs in the order of the form, and members without a field after', () => {
    const after = { ...base, temperature_interlocks: [40, 51], temperature_setpoint: 46.5, strange: true };
    expect(
      diffOf(fields, base, after).map(({ field: { name }, before, after: now }) => [name, before, now]),
    ).toEqual([
      ['temperature_setpoint', 46, 46.5],
      ['temperature_interlocks', [30, 60], [40, 51]],
      ['strange', undefined, true],
    ]);
  });

  it('says values as people read them', () => {
    expect(valueText(field('temperature_setpoint'), 46)).toBe('46.0');
    expect(valueText(field('temperature_setpoint'), 46.125)).toBe('46.125');
    expect(valueText(field('temperature_interlocks'), [40, 50])).toBe('40.0, 50.0');
    expect(valueText(field('heating_enabled'), false)).toBe('off');
    expect(valueText(field('heating_enabled'), undefined)).toBe('none');
    expect(valueText(field('temperature_setpoint'), 'hot')).toBe('"hot"');
  });
});
