import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DASH, digits, fraction, show, signed, spaced, THIN, written } from '../src/number';

describe('written', () => {
  const cases: [number | null, string, string, string][] = [
    [45.75, '%', '45.75 %', '45.75 %'],
    [100, '%', '100.00 %', '100.00 %'],
    [800, 'km', '800 km', '800 km'],
    [366.4567, 'km', '366.46 km', '366.46 km'],
    [12345.5, 'km', '12,345.50 km', '12,345.50 km'],
    [386_000_000, 'yuan', '3.86 亿元', '386.00 million yuan'],
    [1_664_000, 'yuan', '166.40 万元', '1.66 million yuan'],
    [999, 'yuan', '999 元', '999 yuan'],
    [13018, 'person', '13,018 人', '13,018 persons'],
    [1_234_567, 'person', '123.46 万人', '1,234,567 persons'],
    [2470, 'household', '2,470 户', '2,470 households'],
    [224, 'count', '224', '224'],
    [850, 'm', '850 m', '850 m'],
    [15200, 'm', '15.2 km', '15.2 km'],
    [41.4, 'min', '41 分钟', '41 min'],
    [81, 'l', '81 l', '81 l'],
    [null, '%', DASH, DASH],
    [-0.001, 'km', '0.00 km', '0.00 km'],
  ];
  for (const [value, unit, zh, en] of cases) {
    it(`${String(value)} ${unit}`, () => {
      expect(written(value, unit, 'zh-CN').replaceAll(THIN, ' ')).toBe(zh);
      expect(written(value, unit, 'en').replaceAll(THIN, ' ')).toBe(en);
    });
  }

  it('never shows NaN, exponents or a negative zero', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e12, max: 1e12, noNaN: true }),
        fc.constantFrom('%', 'km', 'm', 'min', 'count', 'yuan', 'person', 'household'),
        fc.constantFrom('zh-CN', 'en'),
        (value, unit, lang) => {
          expect(show(value, unit, lang as 'en').text).toMatch(/^(?!−0(\.0+)?$)−?\d{1,3}(,\d{3})*(\.\d+)?$/);
        },
      ),
    );
  });
});

describe('fraction', () => {
  it('says the unit once where both have the same', () => {
    expect(fraction(366, 800, 'km', 'en').replaceAll(THIN, ' ')).toBe('366 / 800 km');
    expect(fraction(320, 449, 'count', 'zh-CN')).toBe('320 / 449');
    expect(fraction(166_400_000, 320_000_000, 'money', 'zh-CN').replaceAll(THIN, ' ')).toBe(
      '1.66 / 3.20 亿元',
    );
  });
  it('says both where they differ', () => {
    expect(fraction(90, 200_000, 'yuan', 'zh-CN').replaceAll(THIN, ' ')).toBe('90 元 / 20.00 万元');
  });
  it('shows what is missing as a dash', () => {
    expect(fraction(null, 800, 'count', 'en')).toBe(`${DASH} / 800`);
  });
});

describe('the small ones', () => {
  it('signed', () => {
    expect(signed(-4.25)).toBe('−4.25');
    expect(signed(3)).toBe('+3.00');
    expect(signed(null)).toBe(DASH);
  });
  it('digits', () => {
    expect(digits(1234567.891, 1)).toBe('1,234,567.9');
  });
  it('spaced parts Chinese and Latin', () => {
    expect(spaced('版本7的GDP值')).toBe(`版本${THIN}7${THIN}的${THIN}GDP${THIN}值`);
  });
});
