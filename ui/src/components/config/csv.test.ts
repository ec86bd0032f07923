import { describe, expect, it } from 'vitest';
import referencePan from '~contract/classes/reference-pan.json';
import type { ChangeDto } from '~/lib/ipc/bindings';
import { changesCsv } from './csv';
import { fieldsOf } from './schema';

const base = referencePan.default_config;
const change: ChangeDto = {
  request: 'c0'.repeat(32),
  author: 'Engineer 2',
  station: 'Control room 1',
  requested_ms: Date.UTC(2026, 10, 24, 6, 51, 8),
  reason: 'Stiffer, says "the lab"',
  machines: [{ machine: 5, name: 'Pan 05', state: 'applied', version: '12.5', waiting: null, steps: [] }],
  config: { ...base, temperature_setpoint: 46.5 },
  base_config: base,
  base: '12.4',
  state: 'applied',
  approvals: [
    { user: 'Approver 1', time_ms: Date.UTC(2026, 10, 24, 6, 58), decision: 'approved', remark: '' },
  ],
  approvals_needed: 1,
  may_decide: false,
  why_not: '',
  may_withdraw: false,
  consequence: '',
};

describe('changesCsv', () => {
  it('writes one row a change and machine', () => {
    const fields = fieldsOf(referencePan.config_schema);
    const [head, row, end] = changesCsv([change], () => fields).split('\r\n');
    expect(head).toBe('requested,machine,state,version,base,author,station,reason,changes,approvals,request');
    expect(row).toBe(
      '2026-11-24T06:51:08.000Z,Pan 05,applied,12.5,12.4,Engineer 2,Control room 1,"Stiffer, says ""the lab""",' +
        `Temperature setpoint: 46.0 -> 46.5 °C,approved Approver 1 2026-11-24T06:58:00.000Z,${change.request}`,
    );
    expect(end).toBe('');
  });
});
