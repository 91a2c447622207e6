// Findings of the ledger by rule, the worst first.

import type { StoredFinding } from './api';

export interface RuleGroup {
  rule: string;
  severity: string;
  items: StoredFinding[];
  /** Metres of the intervals that break it; those without one count nothing. */
  metres: number;
}

const ORDER = ['block', 'hold', 'note'];

export function byRule(found: StoredFinding[]): RuleGroup[] {
  const groups = new Map<string, RuleGroup>();
  for (const one of found) {
    const group = groups.get(one.rule) ?? { rule: one.rule, severity: one.severity, items: [], metres: 0 };
    group.items.push(one);
    group.metres += Math.max(0, (one.to_mm ?? 0) - (one.from_mm ?? 0)) / 1000;
    if (ORDER.indexOf(one.severity) < ORDER.indexOf(group.severity)) group.severity = one.severity;
    groups.set(one.rule, group);
  }
  return [...groups.values()].sort(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || a.rule.localeCompare(b.rule),
  );
}
