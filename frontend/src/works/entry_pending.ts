// Reports on their way. Each is kept for this tab of the browser until the
// service has answered, so that after a lost connection it is sent again as
// the same report.

import { Problem } from '../http';
import type { ReportBody } from './api';

const KEY = 'qiantu.reports';

/** What is needed of `sessionStorage`; tests give their own. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

/** Everything that is still without an answer. */
export function pending(shelf: Shelf): ReportBody[] {
  try {
    const found: unknown = JSON.parse(shelf.getItem(KEY) ?? '[]');
    return Array.isArray(found) ? (found as ReportBody[]) : [];
  } catch {
    return [];
  }
}

function write(shelf: Shelf, all: ReportBody[]): void {
  try {
    shelf.setItem(KEY, JSON.stringify(all));
  } catch {
    // A full or forbidden shelf: the report still goes out, once.
  }
}

export function keep(shelf: Shelf, body: ReportBody): void {
  write(shelf, [...pending(shelf).filter((one) => one.id !== body.id), body]);
}

export function drop(shelf: Shelf, id: string): void {
  write(
    shelf,
    pending(shelf).filter((one) => one.id !== id),
  );
}

/** Whether two reports say the same, whatever their ids. */
export function same(a: ReportBody, b: ReportBody): boolean {
  const plain = (body: ReportBody) =>
    JSON.stringify(
      Object.entries({ ...body, id: '', device_time: '' })
        .filter(([, value]) => value !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return plain(a) === plain(b);
}

/** Whether nobody knows if the report arrived, or it may be taken later. */
export function unanswered(problem: Problem): boolean {
  return problem.status === 0 || problem.status >= 500 || [401, 408, 425, 429].includes(problem.status);
}
