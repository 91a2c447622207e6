// Scenarios over HTTP, docs/scenario.md.

import type { Row } from '../api';
import { read, send } from '../http';
import type { ReportKind } from '../stream/protocol';

export type Status = 'draft' | 'submitted' | 'approved' | 'returned' | 'archived';
export type Step =
  | 'made'
  | 'changed'
  | 'rebased'
  | 'merged'
  | 'submitted'
  | 'withdrawn'
  | 'returned'
  | 'approved'
  | 'archived'
  | 'reopened';

export interface ScenarioEdit {
  id: number;
  edit: string;
  by: string;
  author: string;
  from: number | null;
  at: string;
  revoked: string | null;
  revoked_by: string;
}

/** What is asked beside the edits; what is left out is the rule or the default. */
export interface Settings {
  season?: string;
  connect_m?: number;
  rai_m?: number;
  walk_min?: number;
  yuan_per_km?: number;
  yuan_per_person?: number;
  interim?: number;
  leave?: number | null;
  upkeep?: number | null;
  haul?: number | null;
  budget?: number[] | null;
  objective?: string;
}

export interface Approved {
  on: string;
  by: string;
  at: string;
  reason: string;
}

export interface Scenario {
  id: number;
  name: string;
  note: string;
  parent: number | null;
  base: { revision: number; at: string; as_of: string; behind: number; fresh: boolean };
  settings: Settings;
  status: Status;
  reason: string;
  by: string;
  authors: string[];
  version: number;
  changed: string;
  text: string;
  edits: ScenarioEdit[];
  steps: { step: Step; reason: string; by: string; at: string }[];
  proposed: {
    plan: number;
    objective: string;
    unit: 'yuan' | 'persons';
    value: number;
    bound: number;
    money: number;
    by: string;
    at: string;
    approved: Approved | null;
  } | null;
}

export type Decided = 'connected' | 'road' | 'relocate' | 'interim' | 'review';

/** A village of a proposed plan, beside the plan in force. */
export interface ProposedDecision {
  village: number;
  name: string;
  decision: Decided;
  site_name: string;
  was: Decided | '';
  was_site_name: string;
  changed: boolean;
}

export interface Proposal {
  in_force: number | null;
  changed: number;
  villages: ProposedDecision[];
}

export interface InForce {
  plan: number;
  scenario: number;
  name: string;
  approved: Approved;
  villages: Record<string, number>;
}

export interface Conflict {
  edit: ScenarioEdit;
  kind: 'gone' | 'changed' | 'taken';
  layer: string;
  id: number;
  name: string;
  changes: { field: string; was: string; is: string }[];
}

export interface Clash {
  brought: ScenarioEdit;
  stands: ScenarioEdit;
}

export interface Side {
  id: number;
  name: string;
  version: number;
  revision: number;
  as_of: string;
  objective: string;
  value: number | null;
  bound: number | null;
  gap: number | null;
  status: string;
  reason: string;
  villages: Record<string, number>;
  persons: Record<string, number>;
  money: number;
  roads: number;
  stay: number;
  moves: number;
  interim: number;
  supposed: number;
  supposed_m: number;
}

export interface Standing {
  road: string;
  supply: string;
  decision: string;
  site: number | null;
  persons: number | null;
}

export interface Comparison {
  revision: number;
  of: Side[];
  edits: { edit: string; in: boolean[] }[];
  figures: { kind: ReportKind; at: (Row | null)[] }[];
  villages: { id: number; name: string; township: string; at: Standing[] }[];
  sites: {
    id: number;
    name: string;
    at: ({ used: number; taken: number; most: number; binding: string; at: [number, number] } | null)[];
  }[];
}

/** What a refused deed brings: the scenario as it stands, conflicts, or clashes. */
export interface Refusal {
  scenario?: Scenario;
  conflicts?: Conflict[];
  clashes?: Clash[];
}

interface Wrote {
  revision: number;
  scenario: Scenario;
}

const path = (id: number, deed = '') => `scenarios/${String(id)}${deed}`;

/** A deed on a scenario as the screen saw it. */
async function deed(
  region: string,
  one: { id: number; version: number },
  what: string,
  more: object = {},
): Promise<Scenario> {
  const body = { region, version: one.version, ...more };
  return (await send<Wrote>('POST', path(one.id, what), body)).scenario;
}

export const scenarios = {
  list: (region: string) => read<{ items: Scenario[]; plan: InForce | null }>('scenarios', { region }),

  add: async (
    region: string,
    one: { id: string; name: string; parent?: number; settings?: Settings; edits?: string },
  ) => (await send<Wrote>('POST', 'scenarios', { region, ...one })).scenario,

  change: async (
    region: string,
    one: { id: number; version: number },
    more: { name?: string; note?: string; settings?: Settings },
  ) => (await send<Wrote>('PUT', path(one.id), { region, version: one.version, ...more })).scenario,

  archive: async (region: string, one: { id: number; version: number }) =>
    (await send<Wrote>('DELETE', path(one.id), undefined, { region, version: one.version })).scenario,

  deed,

  conflicts: async (region: string, id: number, signal: AbortSignal) =>
    (await read<{ conflicts: Conflict[] | null }>(path(id, '/conflicts'), { region }, signal)).conflicts ??
    [],

  proposed: (region: string, id: number, signal: AbortSignal) =>
    read<Proposal>(path(id, '/proposed'), { region }, signal),

  compare: (region: string, ids: number[], signal: AbortSignal) =>
    read<Comparison>('scenarios/compare', { region, ids: ids.join(',') }, signal),
};
