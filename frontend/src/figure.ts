// Reports as an index: a figure is found by the name of its metric and its scope.

import type { Report, Row } from './api';
import type { ReportKind } from './stream/protocol';

/** The second word of `M02 completion_rate`. */
export function metricName(metric: string): string {
  return metric.split(' ')[1] ?? metric;
}

/** A scope without its kind: `region:520527` and `520527` are one. */
export function plainScope(scope: string): string {
  return scope.replace(/^region:/, '');
}

const REPORT_OF: [RegExp, ReportKind][] = [
  [/^(C0\d|C4\d|M0[1-6]|M08|M11|M31|M32|M33|M35|W\d+) /, 'completion'],
  [/^(C1\d|C2[0-2]|M07|M09|M10|M13|M14) /, 'coverage'],
  [/^(C2[3-9]|C6\d|M12|M15|M16|M38) /, 'water'],
];

/** Which report a metric stands in; reports may share a metric, the first that has it is meant. */
export function reportOf(metric: string): ReportKind {
  return REPORT_OF.find(([pattern]) => pattern.test(metric))?.[1] ?? 'relocation';
}

/**
 * What stands under a value: numerator and denominator in their basis, or null
 * where the two say nothing to a reader (a plan curve in parts per million, a
 * mean's sum of person-metres, of which only the persons are shown).
 */
export function baseOf(row: Row): { numerator: number | null; denominator: number; basis: string } | null {
  if (row.denominator === null || row.masked || metricName(row.metric) === 'time_progress') return null;
  if (row.unit === '%' || row.unit === 'ratio' || row.unit === row.basis) {
    return row.unit === row.basis && row.numerator === row.denominator
      ? null
      : { numerator: row.numerator, denominator: row.denominator, basis: row.basis };
  }
  return {
    numerator: null,
    denominator: row.denominator,
    basis: row.unit === 'yuan/km' ? row.basis : 'person',
  };
}

export class Figures {
  readonly #rows = new Map<string, Row>();
  readonly report: Report | null;

  constructor(report: Report | null) {
    this.report = report;
    for (const row of report?.rows ?? []) {
      this.#rows.set(`${metricName(row.metric)}|${plainScope(row.scope)}`, row);
    }
  }

  get(name: string, scope: string): Row | undefined {
    return this.#rows.get(`${name}|${scope}`);
  }

  value(name: string, scope: string): number | null {
    return this.get(name, scope)?.value ?? null;
  }

  /** All rows of a metric whose scope starts with `prefix`. */
  all(name: string, prefix: string): Row[] {
    return (this.report?.rows ?? []).filter(
      (row) => metricName(row.metric) === name && plainScope(row.scope).startsWith(prefix),
    );
  }
}
