// A plan in two sentences: what is built, who moves, what it costs and how near
// to the best that is; and what changed against the plan before, and why.

import type { Key, Params } from '../i18n/catalogue';
import { digits } from '../number';
import type { DecisionPlan } from './model';
import { termsApart, type Terms } from './terms';
import { kinds, roadMetres, type Difference } from './turned';

/** The words and figures of a language. */
export interface Speech {
  t: (key: Key, params?: Params) => string;
  number: (value: number | null, unit: string) => string;
}

/** A gap in per cent; one too small for four decimals is not nothing. */
export function gapText(gap: number): string {
  const percent = 100 * gap;
  if (percent > 0 && percent < 0.0001) return '< 0.0001';
  return digits(percent, percent < 0.01 ? 4 : 2);
}

/** A gap as an amount: in money, and in persons at the price of handing them up where a plan may have to do that. */
export function gapWorth(
  of: Pick<DecisionPlan, 'objective' | 'bound'>,
  plan: Pick<DecisionPlan, 'minimised' | 'budget' | 'costs' | 'review_yuan_per_person'> | null,
  { t, number }: Speech,
): string {
  if (plan === null || of.objective === null || of.bound === null) return '';
  const apart = Math.max(0, Math.ceil(of.objective - of.bound - 1e-6));
  if (apart === 0) return '';
  if (plan.minimised === 'unserved') return t('bracket.worth', { n: number(apart, 'person') });
  const each = plan.review_yuan_per_person;
  const worth = t('bracket.worth', { n: number(apart, 'yuan') });
  if (each === 0 || (plan.budget.length === 0 && plan.costs.review === 0)) return worth;
  const persons = number(Math.ceil(apart / each), 'person');
  return worth + t('bracket.worth.persons', { persons, each: number(each, 'yuan') });
}

/** A gap that is at most so much, in per cent: rounded up. */
function atMost(gap: number): string {
  const fine = 100 * gap < 0.01 ? 1e4 : 1e2;
  return digits(Math.ceil(100 * gap * fine) / fine, 4);
}

function near(plan: DecisionPlan, { t }: Speech): string {
  if (plan.gap === null) return '';
  if (plan.gap === 0) return t('says.best');
  return t('says.within', { n: atMost(plan.gap) });
}

/** What is built, who moves, what it costs, how near to the best possible plan. */
export function saysPlan(plan: DecisionPlan, speech: Speech): string {
  const { t, number } = speech;
  const { villages, persons } = plan.county;
  const sites = new Set(plan.villages.flatMap((row) => (row.site > 0 ? [row.site] : [])));
  const rest = (plan.county.villages?.interim ?? 0) + (plan.county.villages?.review ?? 0);
  return t('says.plan', {
    km: number(roadMetres(plan), 'm'),
    roads: villages?.road ?? 0,
    road_persons: number(persons?.road ?? 0, 'person'),
    moves: villages?.relocate ?? 0,
    move_persons: number(persons?.relocate ?? 0, 'person'),
    sites: sites.size,
    money: number(plan.costs.money, 'yuan'),
    rest: rest > 0 ? t('says.rest', { n: rest }) : '',
    near: near(plan, speech),
  });
}

function amount(terms: Terms, plan: DecisionPlan, name: keyof Terms, { t, number }: Speech): string {
  switch (name) {
    case 'km':
      return number(plan.yuan_per_km, 'yuan/km');
    case 'person':
      return number(plan.yuan_per_person, 'yuan');
    case 'interim':
      return number(terms.interim, 'yuan');
    case 'leave':
      return terms.leave === null ? t('says.by_rule') : number(terms.leave, 'yuan');
    case 'budget':
      return terms.budget.length
        ? number(
            terms.budget.reduce((sum, one) => sum + one, 0),
            'yuan',
          )
        : t('decide.no_limit');
    case 'objective':
      return t(`decide.objective.${terms.objective}`);
    case 'gap':
      return `${digits(100 * terms.gap, 3)} %`;
    case 'time':
      return `${String(terms.time)} s`;
  }
}

type Side = { terms: Terms; plan: DecisionPlan };

/** What was set otherwise, from what to what. */
function causes(before: Side, after: Side, speech: Speech): string[] {
  const { t } = speech;
  const set = termsApart(before.terms, after.terms).map((name) =>
    t('says.cause', {
      name: t(`says.of.${name}`),
      from: amount(before.terms, before.plan, name, speech),
      to: amount(after.terms, after.plan, name, speech),
    }),
  );
  return before.plan.revision === after.plan.revision ? set : [...set, t('says.facts')];
}

/** What changed against the plan before, and why. */
export function saysChange(before: Side, after: Side, change: Difference, speech: Speech): string {
  const { t, number } = speech;
  const why = causes(before, after, speech).join(t('says.and'));
  const more = t(change.money < 0 ? 'says.less' : 'says.more', { n: number(Math.abs(change.money), 'yuan') });
  if (why === '' && change.turned.length === 0) return t('says.first');
  const because = why || t('says.searched');
  if (change.turned.length === 0 && change.resited === 0) return t('says.none', { why: because, more });
  const turned = kinds(change.turned).map(({ from, to, n }) =>
    t('says.turned', { n, from: t(`decision.${from}`), to: t(`decision.${to}`) }),
  );
  if (change.resited > 0) turned.push(t('says.resited', { n: change.resited }));
  return t('says.change', { why: because, turned: turned.join(t('says.and')), more });
}
