// The wall, its links and who is responsible for what, over HTTP: docs/wall.md.

import type { Bounds, Row } from '../api';
import { read, send } from '../http';
import type { ReportKind } from '../stream/protocol';

export interface Holder {
  person: string;
  unit: string;
  post: string;
  phone: string;
}

export interface WallFigure {
  name: string;
  kind: ReportKind;
  row: Row | null;
  change: number | null;
}

export interface WallRow {
  code: string;
  name: string;
  name_en: string;
  level: 'none' | 'blue' | 'yellow' | 'orange' | 'red';
  rate: number;
  completed: number;
  planned: number;
  left: number;
  time_progress: number;
  lag_pp: number;
  rank: number;
  reasons: string[];
  villages: Row | null;
  holder: Holder | null;
  changed: { level: string; completed: number } | null;
}

export interface Moment {
  as_of: string;
  known_at: string | null;
}

export interface Wall {
  region: string;
  name: string;
  name_en: string;
  notice: string;
  notice_en: string;
  attribution: string;
  bounds: Bounds | null;
  revision: number;
  time: string;
  as_of: string;
  known_at: string | null;
  pinned: boolean;
  /** The bulletin whose moment and levels it says; null: none was asked for. */
  bulletin: { number: number; period: { kind: string; from: string; to: string }; hash: string } | null;
  /** What draws this wall again: DAY@INSTANT. */
  moment: string;
  programme: { name: string; name_en: string } | null;
  deadline: string;
  days_left: number | null;
  holder: Holder | null;
  figures: WallFigure[];
  gaps: WallFigure[];
  levels: Record<WallRow['level'], number>;
  townships: WallRow[];
  change: { from: Moment; to: Moment } | null;
}

export interface Link {
  id: number;
  name: string;
  by: string;
  ends: string;
  open: boolean;
  revoked: string | null;
  url?: string;
}

export interface Duty {
  id: number;
  level: string;
  township: string;
  matter: string;
  unit: string;
  person: string;
  post: string;
  phone: string;
  from: string;
}

export const wallApi = {
  wall: (region: string, as_of: string, known_at: string, bulletin: string) =>
    read<Wall>('wall', { region, ...(bulletin ? { bulletin } : { as_of, known_at }) }),
  links: async (region: string) => (await read<{ items: Link[] }>('wall/links', { region })).items,
  addLink: (region: string, name: string, days: number) =>
    send<Link>('POST', 'wall/links', { region, name, days }),
  revokeLink: (region: string, id: number) =>
    send<null>('DELETE', `wall/links/${String(id)}`, undefined, { region }),
  duties: async (region: string, as_of: string) =>
    (await read<{ items: Duty[] }>('duties', { region, as_of, level: 'township' })).items,
  setDuty: (region: string, duty: Omit<Duty, 'id'>) =>
    send<{ id: number }>('PUT', 'duties', { region, ...duty }),
};

/** The address of the page before the meeting. */
export function briefAddress(region: string, format: 'docx' | 'pdf', lang: string, asOf: string): string {
  const query = new URLSearchParams({ region, format, lang, ...(asOf ? { as_of: asOf } : {}) });
  return `/api/v1/wall/brief?${query.toString()}`;
}
