// Words of the process: phases, measurements, conditions, priorities, by their names on the wire.
export const process = {
  phase: {
    charge: 'Charge',
    concentrate: 'Concentrate',
    seed: 'Seed',
    grain_growth: 'Grain growth',
    tighten: 'Tighten',
    drop: 'Drop',
    steam_out: 'Steam-out',
  },
  phaseShort: { grain_growth: 'Growth' },
  phaseUnknown: 'Phase unknown',
  metric: { temperature: 'Temperature', pressure: 'Pressure', motor_power: 'Motor power' },
  metricLetter: { temperature: 'T', pressure: 'P', motor_power: 'M' },
  condition: {
    'limit:low_low': 'low-low',
    'limit:low': 'low',
    'limit:high': 'high',
    'limit:high_high': 'high-high',
    no_data: 'no data',
    frozen: 'frozen',
  },
  measurementCondition: (metric: string, condition: string) => `${metric} ${condition}`,
  conditionAlone: { no_data: 'No data', frozen: 'Frozen' },
  priority: { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' },
  priorityLetter: { critical: 'C', high: 'H', medium: 'M', low: 'L' },
  alarmState: {
    A: 'Normal',
    B: 'Unacknowledged',
    C: 'Acknowledged',
    D: 'Returned',
  },
};
