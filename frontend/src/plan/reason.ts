// Why there is no plan, in words: the service says it in one language.

import type { Solved } from './model';
import type { Speech } from './says';

/** A reason of the service, where it is one of those it is known to give; else as it is. */
export function infeasible(plan: Pick<Solved, 'reason'>, { t, number }: Speech): string {
  const reason = plan.reason ?? '';
  const [, budget] = /^the budget is (\d+),/.exec(reason) ?? [];
  if (budget) return t('reason.budget', { n: number(Number(budget), 'yuan') });
  const [, persons, villages, sites, places, missing] =
    /^(\d+) persons of (\d+) villages can reach these sites only: (.*), which have (\d+) places left: (\d+) are missing/.exec(
      reason,
    ) ?? [];
  if (persons && missing)
    return t('reason.places', {
      persons: number(Number(persons), 'person'),
      villages: villages ?? '',
      sites: sites ?? '',
      places: number(Number(places), 'person'),
      missing: number(Number(missing), 'person'),
    });
  if (reason.startsWith('the villages fit only when some are divided')) return t('reason.divided');
  return reason;
}
