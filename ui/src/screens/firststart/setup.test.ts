import { describe, expect, it } from 'vitest';
import { isTopicFilter, portOf, siteProblems, sourceOf, sourceProblems, type SetupTexts } from './setup';

const texts: SetupTexts = {
  site: ' Lublin ',
  user: 'Anna',
  host: ' mqtt.lublin.example ',
  port: '1883',
  username: '',
  password: '',
  topics: ' plant/+/telemetry \n\n aggregates/# ',
};

describe('first start', () => {
  it('makes a source of what is typed', () => {
    expect(sourceProblems(texts)).toEqual({});
    expect(siteProblems(texts)).toEqual({});
    expect(sourceOf(texts)).toMatchObject({
      host: 'mqtt.lublin.example',
      port: 1883,
      username: null,
      password: null,
      topics: ['plant/+/telemetry', 'aggregates/#'],
    });
  });

  it('leaves a password as it is, blanks too', () => {
    expect(sourceOf({ ...texts, password: ' a b ' }).password).toBe(' a b ');
  });

  it('says what is missing or wrong', () => {
    const wrong = { ...texts, site: ' ', user: '', host: 'mqtt://x', port: '0', topics: 'a/#/b' };
    expect(Object.keys(siteProblems(wrong))).toEqual(['site', 'user']);
    expect(Object.keys(sourceProblems(wrong))).toEqual(['host', 'port', 'topics']);
  });

  it.each(['0', '65536', '18.5', '', 'x', '-1'])('takes %j for no port', (text) => {
    expect(portOf(text)).toBeNull();
  });

  it('knows topic filters', () => {
    expect(['#', '+', 'a/+/b', '/devices/+/events/#'].every(isTopicFilter)).toBe(true);
    expect(['', 'a#', 'a/#/b', 'a+/b'].some(isTopicFilter)).toBe(false);
  });
});
