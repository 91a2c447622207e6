// Asking for plans, docs/api.md: a plan comes as a stream, with what is known
// so far before it.

import { address, asProblem, open, Problem, read, send, type Query } from '../http';
import { jsonLines } from './lines';
import type { BudgetCurve, DecisionPlan, PlanLine, Progress } from './model';

export interface Hearing {
  begun(id: string): void;
  progress(progress: Progress): void;
}

/** Takes the lines of a plan until it is there. */
export async function heard(lines: AsyncIterable<PlanLine>, hearing: Hearing): Promise<DecisionPlan> {
  for await (const line of lines) {
    if (line.type === 'begun') hearing.begun(line.id);
    else if (line.type === 'progress') hearing.progress(line);
    else if (line.type === 'plan') return line.plan;
    else throw new Problem(line.status ?? 500, line.detail ?? line.title ?? '');
  }
  throw new Problem(0, '');
}

async function decide(body: unknown, hearing: Hearing, signal: AbortSignal): Promise<DecisionPlan> {
  const answer = await open('plan/decide', body, signal);
  if (!answer.body) throw new Problem(0, '');
  try {
    return await heard(jsonLines<PlanLine>(answer.body), hearing);
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw asProblem(cause);
  }
}

export const plans = {
  decide,
  stop: (id: string) => send('POST', `plan/${encodeURIComponent(id)}/stop`),
  curve: (query: Query, signal: AbortSignal) => read<BudgetCurve>('plan/curve', query, signal),
};

/** Where the sheet of a plan that was made for this screen can be had, while the service holds it. */
export function heldSheet(id: string, lang: string): string {
  return address(`plan/${encodeURIComponent(id)}`, { format: 'xlsx', lang });
}

/** Where the decision sheet can be had as a spreadsheet, worded as the screen is. */
export function decisionSheet(query: Query, lang: string): string {
  return address('plan/decide', { ...query, format: 'xlsx', lang });
}
