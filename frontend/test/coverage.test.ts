import { describe, expect, it } from 'vitest';
import type { Row } from '../src/api';
import { delta } from '../src/coverage/turn';

function row(value: number | null, more: Partial<Row> = {}): Row {
  return {
    metric: 'M07 connected_rate',
    scope: '520527',
    scope_name: '',
    value,
    numerator: null,
    denominator: null,
    unknown: null,
    unit: '%',
    basis: 'count',
    as_of: '2020-06-30',
    rule: 'coverage/1',
    masked: false,
    ...more,
  };
}

describe('a figure of the what-if', () => {
  it('differs from the live one in its own unit, rates in points', () => {
    expect(delta(row(60), row(62.5), 'en')).toEqual({ amount: 2.5, text: '+2.50' });
    expect(delta(row(60), row(60), 'en').amount).toBe(0);
    const count = { unit: 'count', basis: 'count' };
    expect(delta(row(12, count), row(9, count), 'en').text).toBe('−3');
    expect(delta(row(9, count), row(12, count), 'en').text).toBe('+3');
  });

  it('has no difference where one of the two has no value, or is not shown', () => {
    expect(delta(row(null), row(3), 'en').amount).toBeNull();
    expect(delta(row(3, { masked: true }), row(4), 'en').amount).toBeNull();
  });
});
