// Typed reading and writing of the ledger of works, docs/works.md. Lengths are
// whole millimetres of the measure of the version in force.

import type { Place } from '../api';
import { address, read, send, upload } from '../http';
import type { Moment } from './model_basic';
import type {
  Attachment,
  Check,
  Entered,
  Located,
  ReportBody,
  Sheet,
  SheetApplied,
  SheetApply,
  SheetMatch,
  Submission,
  SubmissionAnswer,
  TrackMatch,
} from './model_report';
import type {
  Decision,
  Dispute,
  DisputeBody,
  Inspection,
  InspectionBody,
  InspectionDraw,
  InspectionResult,
  Operated,
  OperationBody,
} from './model_case';
import type { Curve, Replay, RouteFilter, Routes, StripData } from './model_road';
import type { Difference, PlanPoint, Programme, StoredFinding } from './model_check';

export * from './model_basic';
export * from './model_report';
export * from './model_case';
export * from './model_road';
export * from './model_check';

type Changed = Promise<{ id: number; revision: number }>;
type Many<T> = { items: T[] | null };

const list = <T>(answer: Many<T>): T[] => answer.items ?? [];

export const works = {
  routes: (at: Moment & RouteFilter & { offset?: number; limit?: number }, signal?: AbortSignal) =>
    read<Routes>('roads', { ...at }, signal),
  strip: (road: number | string, at: Moment, signal?: AbortSignal) =>
    read<StripData>(`roads/${String(road)}/strip`, { ...at }, signal),
  curve: (at: Moment & { programme?: number | string; township?: string }, signal?: AbortSignal) =>
    read<Curve>('curve', { ...at }, signal),
  replay: (at: Moment & { programme?: number | string }, signal?: AbortSignal) =>
    read<Replay>('replay', { ...at }, signal),
  difference: (
    query: {
      region: string;
      metric: string;
      scope: string;
      from_as_of?: string;
      from_known_at?: string;
      as_of?: string;
      known_at?: string;
    },
    signal?: AbortSignal,
  ) => read<Difference>('difference', { ...query }, signal),
  findings: (region: string) => read<Many<StoredFinding> & { total: number }>('findings', { region }),
  programmes: async (at: { region: string; as_of?: string }) =>
    list(await read<Many<Programme>>('programmes', { ...at })),
  plan: (programme: number, body: { region: string; township?: string; points: PlanPoint[] }) =>
    send<{ revision: number } | null>('PUT', `programmes/${String(programme)}/plan`, body),

  check: (body: Omit<ReportBody, 'id'> & { id?: string }, signal?: AbortSignal) =>
    send<Check>('POST', 'progress/check', body, {}, signal),
  report: (body: ReportBody) => send<Entered>('POST', 'progress', body),
  revoke: (id: string, body: { region: string; reason: string }) =>
    send<{ revision: number }>('POST', `progress/${encodeURIComponent(id)}/revoke`, body),
  submissions: (query: {
    region: string;
    status?: string;
    by?: string;
    township?: string;
    offset?: number;
    limit?: number;
  }) => read<Many<Submission> & { total: number }>('submissions', { ...query }),
  answer: (id: string, body: SubmissionAnswer) =>
    send<Entered>('POST', `submissions/${encodeURIComponent(id)}/answer`, body),

  attach: (region: string, file: File, media = file.type) =>
    upload<Attachment>('attachments', file, media, { region, name: file.name }),
  /** Where a photo or file is read from; good for `src` and `href`. */
  attachment: (region: string, hash: string) =>
    address(`attachments/${encodeURIComponent(hash)}`, { region }),
  track: (body: { region: string; hash: string; road?: number; from_mm?: number; to_mm?: number }) =>
    send<TrackMatch>('POST', 'progress/track', body),
  locate: async (body: { region: string; point: Place; road?: number }) =>
    (await send<{ places: Located[] | null }>('POST', 'progress/locate', body)).places ?? [],

  sheet: (region: string, township: string, file: File) =>
    upload<Sheet>('sheets', file, file.type || 'application/octet-stream', {
      region,
      township,
      name: file.name,
    }),
  checkSheet: (hash: string, body: SheetMatch, signal?: AbortSignal) =>
    send<Sheet>('POST', `sheets/${encodeURIComponent(hash)}/check`, body, {}, signal),
  applySheet: (hash: string, body: SheetApply) =>
    send<SheetApplied>('POST', `sheets/${encodeURIComponent(hash)}/apply`, body),

  disputes: async (region: string, open?: boolean) =>
    list(await read<Many<Dispute>>('disputes', { region, ...(open ? { open: true } : {}) })),
  dispute: (body: DisputeBody) => send<Awaited<Changed>>('POST', 'disputes', body),
  decide: (id: number, body: Decision) =>
    send<{ revision: number }>('POST', `disputes/${String(id)}/decide`, body),

  inspections: async (region: string, road?: number | string) =>
    list(await read<Many<Inspection>>('inspections', { region, road })),
  inspect: (body: InspectionBody) => send<Awaited<Changed>>('POST', 'inspections', body),
  draw: async (body: InspectionDraw) => list(await send<Many<Inspection>>('POST', 'inspections/draw', body)),
  result: (id: number, body: InspectionResult) =>
    send<{ revision: number }>('POST', `inspections/${String(id)}/result`, body),

  operate: (road: number | string, body: OperationBody, dryRun: boolean) =>
    send<Operated>('POST', `roads/${String(road)}/operation`, body, dryRun ? { dry_run: true } : {}),
  /** Takes back the deed that made a route what it is now. */
  withdraw: (road: number | string, body: { region: string; reason: string }) =>
    send<Awaited<Changed>>('POST', `roads/${String(road)}/operation/withdraw`, body),
  line: (road: number | string, body: { region: string; line: Place[] }) =>
    send<{ revision: number; version?: number }>('POST', `roads/${String(road)}/line`, body),
};
