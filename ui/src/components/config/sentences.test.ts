import { expect, test } from 'vitest';
import { words } from '~/lib/words';
import { noticeSentence, waitSentence } from './sentences';

const notice = (code: string, version: string | null = '12.4') => ({ code, name: 'Pan 05', version });

test('a notice names the machine and the version, and says what to do', () => {
  for (const code of ['second_writer', 'config_not_taken', 'drift']) {
    expect(noticeSentence(notice(code))).toMatch(/Pan 05.*config 12\.4.*\./);
    expect(noticeSentence(notice(code, null))).not.toContain('null');
  }
  expect(noticeSentence({ code: 'no_epoch_left', name: '', version: null })).toContain(
    'clear its config topic',
  );
  expect(noticeSentence(notice('of_a_later_version'))).toBe('of a later version');
});

test('a change that waits for an epoch says how this station stands', () => {
  const wait = { code: 'epoch', version: null };
  expect(waitSentence(wait, { stands: 'bystander' })).toBe(words.configs.stands.bystander);
  expect(waitSentence(wait, null)).toBe(words.configs.publisher.closed);
  expect(waitSentence({ code: 'version_before', version: '12.3' }, null)).toContain('12.3');
  expect(waitSentence({ code: 'phase', version: null }, null)).toBe(words.configs.wait.phase);
});
