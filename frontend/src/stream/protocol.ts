// The words of the map stream, docs/stream.md. Nothing here keeps state.

export const PROTOCOL = 2;
export const FRAME_HEAD = 25;
/** A patch names the revision below it behind the head. */
export const PATCH_HEAD = FRAME_HEAD + 8;
/** Most tiles one `view` may name. */
export const MAX_VIEW = 512;
/** Zoom of the cells that a `stale` message names. */
export const CELL_ZOOM = 12;

export type ReportKind = 'completion' | 'coverage' | 'relocation' | 'water';

/** What this stream is to show of a county otherwise than the live world; all empty: nothing. */
export interface Asked {
  region: string;
  as_of: string;
  /** Instant of what was known; left out: now. */
  known_at?: string;
  season: string;
  connect_m: number;
  rai_m: number;
  walk_min: number;
  edits: string;
  /** The scenario that lies under it; 0: none. */
  scenario: number;
}

/** Who has to move, sent to sites under some suppositions. */
export interface AssignAsk extends Partial<Asked> {
  region: string;
  split: boolean;
  metric: 'm' | 's';
}

export type ClientMessage =
  | { type: 'hello'; version: number; since: number }
  | { type: 'subscribe'; layers: string[]; region: string }
  | { type: 'view'; seq: number; tiles: string[]; held?: number[]; center: [number, number] }
  | { type: 'credit'; tiles: number }
  | { type: 'figures'; region: string; reports: ReportKind[] }
  | { type: 'scenarios'; region: string }
  | ({ type: 'question'; seq: number } & Asked)
  | ({ type: 'assign'; seq: number } & AssignAsk);

export interface Stale {
  type: 'stale';
  revision: number;
  since: number;
  all: boolean;
  tiles?: string[] | null;
  layers?: string[] | null;
  regions?: string[] | null;
}

export type ServerMessage =
  | { type: 'hello'; version: number; revision: number; layers: string[]; time: string }
  | Stale
  | { type: 'figures'; revision: number; region: string; kind: ReportKind; report: unknown }
  | { type: 'revision'; revision: number; time: string }
  | ({ type: 'question'; revision: number; seq?: number } & Asked)
  | ({ type: 'assigned'; seq: number; region: string } & Record<string, unknown>)
  | { type: 'scenario'; region: string; scenario: unknown }
  | { type: 'error'; code: string; message: string; seq?: number };

export interface TileFrame {
  key: string;
  z: number;
  x: number;
  y: number;
  revision: number;
  seq: number;
  gzip: boolean;
  empty: boolean;
  /** A patch may be laid over it. */
  whole: boolean;
  /** The revision of the tile that this is a patch for; `null`: it is a tile. */
  base: number | null;
  body: Uint8Array<ArrayBuffer>;
}

const FLAG_GZIP = 1;
const FLAG_EMPTY = 2;
const FLAG_WHOLE = 4;
const FLAG_PATCH = 8;

/** Reads a binary frame; throws where it is not one of ours. */
export function parseFrame(buffer: ArrayBuffer): TileFrame {
  if (buffer.byteLength < FRAME_HEAD) throw new Error(`tile frame of ${String(buffer.byteLength)} bytes`);
  const view = new DataView(buffer);
  if (view.getUint8(0) !== 0x51 || view.getUint8(1) !== 0x54) throw new Error('tile frame without QT');
  if (view.getUint8(2) !== 1) throw new Error(`tile frame of version ${String(view.getUint8(2))}`);
  const flags = view.getUint8(3);
  const patch = (flags & FLAG_PATCH) !== 0;
  if (patch && buffer.byteLength < PATCH_HEAD)
    throw new Error(`patch frame of ${String(buffer.byteLength)} bytes`);
  const z = view.getUint8(4);
  const x = view.getUint32(5);
  const y = view.getUint32(9);
  return {
    key: tileKey(z, x, y),
    z,
    x,
    y,
    revision: Number(view.getBigUint64(13)),
    seq: view.getUint32(21),
    gzip: (flags & FLAG_GZIP) !== 0,
    empty: (flags & FLAG_EMPTY) !== 0,
    whole: (flags & FLAG_WHOLE) !== 0,
    base: patch ? Number(view.getBigUint64(FRAME_HEAD)) : null,
    body: new Uint8Array(buffer, patch ? PATCH_HEAD : FRAME_HEAD),
  };
}

export function tileKey(z: number, x: number, y: number): string {
  return `${String(z)}/${String(x)}/${String(y)}`;
}

export interface TileId {
  z: number;
  x: number;
  y: number;
}

export function parseKey(key: string): TileId {
  const [z = 0, x = 0, y = 0] = key.split('/').map(Number);
  return { z, x, y };
}

/** Whether one tile covers the other, whichever is the larger. */
export function overlaps(a: TileId, b: TileId): boolean {
  const [coarse, fine] = a.z <= b.z ? [a, b] : [b, a];
  const scale = 2 ** (fine.z - coarse.z);
  return Math.floor(fine.x / scale) === coarse.x && Math.floor(fine.y / scale) === coarse.y;
}

/** Whether the tile `key` has to be asked for again after `stale`. */
export function isStale(key: string, stale: Stale): boolean {
  if (stale.all) return true;
  const tile = parseKey(key);
  return (stale.tiles ?? []).some((cell) => overlaps(tile, parseKey(cell)));
}
