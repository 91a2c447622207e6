// Reading the register of relocation sites and the impact of a hazard, docs/api.md.

import type { Place } from '../api';
import { read, send, type Query } from '../http';

export const LIMITS = ['persons', 'dwellings', 'jobs', 'water', 'school'] as const;
export type Limit = (typeof LIMITS)[number];

export type Capacity = Record<Limit, number | null> & {
  most: number;
  binding: Limit | '';
  taken: number;
  free: number;
  over: number;
  coming: number;
  /** Room that no move takes. */
  left: number;
  moved_in: number;
};

export interface Suitability {
  /** Empty: the score lies in several classes. */
  class: '' | 'most' | 'general' | 'less' | 'unsuitable';
  low: number;
  high: number;
  excluded: string[];
  unchecked: string[];
}

export interface Tally {
  done: number;
  of: number;
  overdue: number;
}

export type Stage =
  | 'started'
  | 'foundation_done'
  | 'structure_started'
  | 'structure_done'
  | 'completed'
  | 'delivered'
  | 'moved_in';

export interface SiteRow {
  id: number;
  code: string;
  name: string;
  name_en: string;
  mode: string;
  township: string;
  center: Place;
  capacity: Capacity;
  suitability: Suitability;
  approvals: Tally;
  follow_ups: Tally;
  dwellings: number;
  /** Counts that cannot be true together. */
  flags: string[];
  funnel: { stage: Stage; dwellings: number }[];
}

export const FACTORS = ['town', 'jobs', 'services', 'water', 'road', 'slope', 'land'] as const;
export type FactorName = (typeof FACTORS)[number];

export interface Factor {
  /** One of FACTORS, or one of the county's own. */
  name: string;
  weight: number;
  low: number;
  high: number;
  measure: number | null;
  why: string;
  source: string;
}

export interface Exclusion {
  name: string;
  is: 'yes' | 'no' | 'unknown';
  why: string;
  source: string;
}

export interface Approval {
  step:
    | 'siting_opinion'
    | 'planning_scheme'
    | 'hazard_assessment'
    | 'land_precheck'
    | 'environment'
    | 'forest_land'
    | 'implementation_plan'
    | 'drawing_review'
    | 'land_certificate';
  state: 'granted' | 'waiting' | 'open' | 'not_needed';
  due: string;
  applied: string;
  granted: string;
  days_late: number;
  document: string;
  note: string;
}

export interface FollowUp {
  id: number;
  kind: 'school_places' | 'clinic' | 'insurance' | 'visit';
  state: 'done' | 'overdue' | 'soon' | 'later';
  due: string;
  done: string;
  days_late: number;
  amount: number | null;
  responsible: string;
  note: string;
}

export interface Site extends SiteRow {
  as_of: string;
  rule: string;
  land: 'owned' | 'unused' | 'acquire' | 'unknown';
  factors: Factor[];
  exclusions: Exclusion[];
  checklist: Approval[];
  follow: FollowUp[];
  types: { persons: number; area_m2: number; m2_per_person: number; dwellings: number; over: boolean }[];
  area_max_m2: number;
  consent: {
    agreed: number;
    asked: number;
    percent: number | null;
    needed: number;
    villages: number;
    withheld: number;
    not_asked: number;
  };
  jobs: { as_of: string; employed: number; households: number } | null;
  costs: { item: 'housing' | 'infrastructure' | 'services' | 'land' | 'award'; yuan: number }[];
}

export interface Hazard {
  id: number;
  name: string;
  area_m2: number;
  center: Place;
}

export interface ImpactVillage {
  id: number;
  name: string;
  name_en: string;
  connected: string;
  persons: number | null;
  center: Place;
}

export interface Broken {
  kind: 'move_to_site' | 'plan_site' | 'programme_road' | 'plan_road' | 'must_go';
  state:
    'planned' | 'signed' | 'moved_in' | 'under_way' | 'done' | 'approved' | 'connected' | 'road' | 'open';
  move: number | null;
  village: number | null;
  site: number | null;
  road: number | null;
  names: string[];
  persons: number | null;
  m: number | null;
}

export interface Impact {
  as_of: string;
  area_m2: number;
  sums: {
    persons: number;
    persons_unknown: number;
    moved_in: number;
    built_m: number;
    other_m: number;
    cut_off_persons: number;
  };
  villages: ImpactVillage[];
  sites: { id: number; name: string; name_en: string; moved_in: number; center: Place }[];
  roads: { id: number; code: string; name: string; built_m: number; other_m: number }[];
  water: { id: number; name: string; persons: number; center: Place }[];
  broken: Broken[];
  cut_off: ImpactVillage[];
}

export const register = {
  sites: (what: Query, signal?: AbortSignal) =>
    read<{ as_of: string; items: SiteRow[] }>('sites', what, signal),
  site: (id: number, what: Query, signal?: AbortSignal) => read<Site>(`site/${String(id)}`, what, signal),
  hazards: (what: Query, signal?: AbortSignal) => read<{ items: Hazard[] }>('hazards', what, signal),
  stored: (reference: number, what: Query, signal?: AbortSignal) =>
    read<Impact>('hazard/impact', { ...what, reference }, signal),
  drawn: (ring: Place[], what: Query, signal?: AbortSignal) =>
    send<Impact>(
      'POST',
      'hazard/impact',
      { type: 'Polygon', coordinates: [[...ring, ring[0]]] },
      what,
      signal,
    ),
};
