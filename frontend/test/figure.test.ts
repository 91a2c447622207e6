import { describe, expect, it } from 'vitest';
import type { Row } from '../src/api';
import { Figures, metricName, plainScope } from '../src/figure';

const row = (metric: string, scope: string, value: number): Row => ({
  metric,
  scope,
  scope_name: '',
  value,
  numerator: null,
  denominator: null,
  unknown: 0,
  unit: 'km',
  basis: 'km',
  as_of: '2020-06-30',
  rule: 'r/1',
  masked: false,
});

describe('Figures', () => {
  const figures = new Figures({
    region: '520527',
    kind: 'completion',
    revision: 1,
    as_of: '2020-06-30',
    known_at: '',
    rows: [
      row('M02 completion_rate', '520527', 45.75),
      row('M02 completion_rate', 'region:520527100', 30),
      row('C08 road_length', 'class:tertiary', 12),
    ],
  });

  it('finds a figure by name and scope, however the scope is written', () => {
    expect(figures.value('completion_rate', '520527')).toBe(45.75);
    expect(figures.value('completion_rate', '520527100')).toBe(30);
    expect(figures.value('completion_rate', '520527999')).toBeNull();
  });

  it('lists a metric by class', () => {
    expect(figures.all('road_length', 'class:').map((one) => one.scope)).toEqual(['class:tertiary']);
  });

  it('reads names and scopes', () => {
    expect(metricName('M02 completion_rate')).toBe('completion_rate');
    expect(plainScope('region:520527')).toBe('520527');
  });
});
