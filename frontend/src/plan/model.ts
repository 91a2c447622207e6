// Plans as the service writes them, docs/decide.md. Money is whole yuan.

import type { Place } from '../api';

export const DECISIONS = ['connected', 'road', 'relocate', 'interim', 'review'] as const;
export type Decision = (typeof DECISIONS)[number];

export const BANDS = ['proven-road', 'proven-move', 'proven-otherwise', 'undecided', 'fixed'] as const;

export interface Solved {
  /** null: there is no plan. */
  objective: number | null;
  bound: number | null;
  gap: number | null;
  seconds: number;
  status: 'optimal' | 'feasible' | 'infeasible' | 'stopped';
  /** Of an infeasible one. */
  reason?: string;
}

export type Counts = Partial<Record<Decision, number>>;

export interface DecisionSum {
  scope: string;
  name: string;
  villages: Counts | null;
  persons: Counts | null;
  /** Villages whose persons nobody has counted. */
  persons_unknown: Counts | null;
  /** Villages that get a road while nobody knows what the services they lack cost. */
  services_unknown: number;
  settled: number;
  money: number;
  violations_both: number;
  violations_none: number;
}

export interface PlanSite {
  site: number;
  name: string;
  /** Persons. */
  capacity: number;
  binding: string;
  /** Persons who signed or moved in. */
  taken: number;
  /** Persons whom the plan moves there. */
  used: number;
  price: number;
  at: Place;
}

export interface PlanYear {
  spent: number;
  laid_m: number;
  connecting_m: number;
  served: number;
  villages: number[];
}

export interface PlanRoad {
  segments: number[];
  m: number;
  build: number;
  upkeep: number;
  villages: number[];
  class: string;
  names: string[];
  lines: Place[][];
}

export interface VillagePlan {
  village: number;
  code: string;
  name: string;
  township: string;
  /** null: nobody has counted them. */
  persons: number | null;
  settled: number;
  decision: Decision;
  why: string;
  band: string;
  /** 0: none. */
  site: number;
  segments: number[];
  cost_road_alone: number | null;
  cost_road_extra: number | null;
  cost_road_share: number;
  cost_stay: number;
  stay_known: boolean;
  cost_move: number | null;
  move_site: number;
  cost_interim: number | null;
  price_leave: number;
  money: number;
  published: Decision | '';
  violation: '' | 'both' | 'none';
  rule: Decision | '';
  rule_reason: string;
  differs: string;
  flip_to: Decision | '';
  flip_yuan_per_km: number | null;
  flip_yuan_per_person: number | null;
  flip_persons: number | null;
  year: number;
  at: Place;
}

export interface PlanCosts {
  roads: number;
  stay: number;
  moves: number;
  interim: number;
  money: number;
  review: number;
  leave: number;
  unserved: number;
  /** Roads that a scenario builds: in the objective and the budget, not in the money. */
  supposed: number;
}

/** A joint plan: build, move or interim. */
export interface DecisionPlan extends Solved {
  /** The gap as an amount; null: of no such kind. */
  gap_yuan: number | null;
  gap_persons: number | null;
  /** The price of handing a person up; no money. */
  review_yuan_per_person: number;
  /** The price of leaving the published plan; no money. */
  leave_yuan_per_person: number;
  region: string;
  revision: number;
  as_of: string;
  yuan_per_km: number;
  yuan_per_person: number;
  minimised: 'cost' | 'unserved';
  budget: number[];
  costs: PlanCosts;
  county: DecisionSum;
  townships: DecisionSum[];
  sites: PlanSite[];
  years: PlanYear[];
  villages: VillagePlan[];
  roads: PlanRoad[];
}

/** One line of a stream of a plan that is being made. */
export type PlanLine =
  | { type: 'begun'; id: string }
  | ({ type: 'progress'; seconds: number } & Pick<Solved, 'objective' | 'bound' | 'gap'>)
  | { type: 'plan'; id?: string; plan: DecisionPlan }
  | { type: 'problem'; status?: number; title?: string; detail?: string };

export type Progress = Extract<PlanLine, { type: 'progress' }>;

/** A point of the budget curve. */
export interface CurvePoint {
  budget: number;
  spent: number;
  objective: number | null;
  bound: number | null;
  gap: number | null;
  status: Solved['status'];
  villages: Counts | null;
  persons: Counts | null;
  /** Persons without road or site. */
  unserved: number;
  metres_moved_mean: number | null;
}

export interface BudgetCurve {
  /** What the plan without a budget costs. */
  need: number;
  points: CurvePoint[];
}

/** A way for which there is money: of a village that is moved, or stays with a road. */
export const served = (counts: Counts | null): number => (counts?.road ?? 0) + (counts?.relocate ?? 0);

/** The road alternative of a village: what its road adds to the plan, and what it needs if it stays. */
export function roadCost(row: VillagePlan): number | null {
  return row.cost_road_extra === null ? null : row.cost_road_extra + row.cost_stay;
}

/** Where persons and cost of a decision are taken from: the plan has an answer. */
export function answered(plan: DecisionPlan | null): plan is DecisionPlan {
  return plan !== null && plan.objective !== null;
}

export interface FlowRow {
  village: number;
  site: number;
  persons: number;
  m: number | null;
  line: [Place, Place];
}

export interface FlowSite {
  site: number;
  used: number;
  taken: number;
  capacity: number;
  at: Place;
}

export interface FlowLeft {
  village: number;
  persons: number | null;
  why: 'full' | 'unreachable' | 'persons_unknown';
  at: Place;
}

export const FLOW_FIGURES = ['persons', 'mean', 'median', 'max', 'over_20km', 'mean_min'] as const;

/** Who goes where, in a moment: the assignment without its wet ways and walks. */
export interface Flow extends Omit<Solved, 'seconds'> {
  revision: number;
  rows: FlowRow[];
  sites: FlowSite[];
  left: FlowLeft[];
  summary: Record<(typeof FLOW_FIGURES)[number], number | null>;
  ms: number;
}
