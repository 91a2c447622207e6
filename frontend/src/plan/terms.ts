// The prices and limits that a planner sets, as the address and the service
// have them. What is not set is as the county's rules say.

export interface Terms {
  /** Yuan a kilometre of hamlet road; 0: the rule. */
  km: number;
  /** Yuan a person who moves; 0: the rule. */
  person: number;
  /** Yuan a person served in the interim; 0: none is offered. */
  interim: number;
  /** Yuan a person for leaving the published plan; null: the rule. */
  leave: number | null;
  /** Yuan by year; empty: no limit. */
  budget: number[];
  objective: 'cost' | 'unserved';
  /** The gap at which solving ends. */
  gap: number;
  /** Seconds after which it ends with the best so far. */
  time: number;
}

export const GAP = 0.01;
export const TIME = 60;
export const NO_TERMS: Terms = {
  km: 0,
  person: 0,
  interim: 0,
  leave: null,
  budget: [],
  objective: 'cost',
  gap: GAP,
  time: TIME,
};

/** What a field may be, and what a slider offers. */
export const RANGES = {
  km: { least: 0, most: 1_000_000_000, from: 100_000, to: 2_000_000, step: 50_000 },
  person: { least: 0, most: 1_000_000_000, from: 10_000, to: 200_000, step: 5_000 },
  interim: { least: 0, most: 1_000_000_000, from: 0, to: 50_000, step: 1_000 },
  leave: { least: 0, most: 1_000_000_000, from: 0, to: 60_000, step: 1_000 },
  gap: { least: 0, most: 1, from: 0, to: 0.05, step: 0.001 },
  time: { least: 1, most: 600, from: 1, to: 120, step: 1 },
} as const;

export const MOST_YEARS = 50;
const MOST_BUDGET = 1e15;

/** Prefix of its parameters in the address. */
const PREFIX = 'p.';

function whole(text: string | undefined, least: number, most: number): number | null {
  if (!text) return null;
  const value = Number(text);
  return Number.isInteger(value) && value >= least && value <= most ? value : null;
}

function part(text: string | undefined, least: number, most: number): number | null {
  const value = text ? Number(text) : NaN;
  return value >= least && value <= most ? value : null;
}

/** Years parted by a space, in units of so many yuan; null: one of them is no amount. */
export function parseBudget(text: string, unit = 1): number[] | null {
  const parts = text.split(/[\s;]+/).filter(Boolean);
  const years = parts.map((one) => {
    const yuan = Number(one.replaceAll(',', '')) * unit;
    return whole(String(unit > 1 ? Math.round(yuan) : yuan), 0, MOST_BUDGET / parts.length);
  });
  if (years.length > MOST_YEARS || years.includes(null)) return null;
  return years.filter((one) => one !== null);
}

/** The terms as parameters of the address; what is as the rules say is left out. */
export function termsQuery(terms: Terms): Record<string, string> {
  const query: Record<string, string> = {};
  const put = (name: string, text: string) => (query[`${PREFIX}${name}`] = text);
  if (terms.km) put('km', String(terms.km));
  if (terms.person) put('person', String(terms.person));
  if (terms.interim) put('interim', String(terms.interim));
  if (terms.leave !== null) put('leave', String(terms.leave));
  if (terms.budget.length) put('budget', terms.budget.join(' '));
  if (terms.objective !== 'cost') put('objective', terms.objective);
  if (terms.gap !== GAP) put('gap', String(terms.gap));
  if (terms.time !== TIME) put('time', String(terms.time));
  return query;
}

/** Reads what `termsQuery` wrote; what is wrong is as the rules say. */
export function readTerms(query: URLSearchParams): Terms {
  const get = (name: string) => query.get(`${PREFIX}${name}`) ?? undefined;
  return {
    km: whole(get('km'), 1, RANGES.km.most) ?? 0,
    person: whole(get('person'), 1, RANGES.person.most) ?? 0,
    interim: whole(get('interim'), 1, RANGES.interim.most) ?? 0,
    leave: whole(get('leave'), 0, RANGES.leave.most),
    budget: parseBudget(get('budget') ?? '') ?? [],
    objective: get('objective') === 'unserved' ? 'unserved' : 'cost',
    gap: part(get('gap'), RANGES.gap.least, RANGES.gap.most) ?? GAP,
    time: whole(get('time'), RANGES.time.least, RANGES.time.most) ?? TIME,
  };
}

/** The terms as the service is asked: in a body, and as the parameters of a GET. */
export function termsBody(terms: Terms): Record<string, unknown> {
  return {
    ...(terms.km ? { yuan_per_km: terms.km } : {}),
    ...(terms.person ? { yuan_per_person: terms.person } : {}),
    ...(terms.interim ? { interim: terms.interim } : {}),
    ...(terms.leave === null ? {} : { leave: terms.leave }),
    ...(terms.budget.length ? { budget: terms.budget } : {}),
    ...(terms.objective === 'cost' ? {} : { objective: terms.objective }),
    gap: terms.gap,
    time_limit_s: terms.time,
  };
}

/** Names of what two terms have otherwise. */
export function termsApart(a: Terms, b: Terms): (keyof Terms)[] {
  return (Object.keys(a) as (keyof Terms)[]).filter(
    (key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]),
  );
}
