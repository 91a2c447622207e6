// What is mended of a held report, as the service takes it.

import type { ReportBody } from './api';

/** Members of a report that can be mended here. */
export const MENDABLE = ['road_text', 'stage', 'on', 'text'] as const;
export type Mendable = (typeof MENDABLE)[number];

/** The interval of a report as one text. */
export function intervalText(body: Partial<ReportBody>): string {
  return body.text ?? [body.from, body.to].filter(Boolean).join('-');
}

/** What was changed, as the service takes it: an interval replaces all that said one before. */
export function changesOf(
  body: Partial<ReportBody>,
  mended: Partial<Record<Mendable, string>>,
): Record<string, string | null> {
  const changes: Record<string, string | null> = {};
  for (const name of MENDABLE) {
    const text = mended[name]?.trim();
    const before = name === 'text' ? intervalText(body) : (body[name] ?? '');
    if (text === undefined || text === before) continue;
    changes[name] = text;
  }
  if ('text' in changes)
    for (const name of ['from', 'to', 'from_mm', 'to_mm', 'length_mm', 'choice'] as const)
      if (body[name] !== undefined) changes[name] = null;
  if ('road_text' in changes && body.road !== undefined) changes['road'] = null;
  return changes;
}
