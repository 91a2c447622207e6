// The client of the map stream. Tiles are asked for with `load`; all that are
// wanted within one frame travel as one `view`. A tile held at a revision that
// a `stale` message has passed is dropped and asked for again by the map.

import { backoff } from './backoff';
import { applyPatch } from './patch';
import {
  isStale,
  MAX_VIEW,
  parseFrame,
  PROTOCOL,
  type AssignAsk,
  type Asked,
  type ClientMessage,
  type ReportKind,
  type ServerMessage,
  type Stale,
  type TileFrame,
} from './protocol';

/** What the client needs of a WebSocket; tests give their own. */
export interface Socket {
  binaryType: string;
  readyState: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  send(data: string): void;
  close(code?: number): void;
}

export type Status =
  | { state: 'connecting' }
  | { state: 'live'; revision: number }
  | { state: 'waiting'; attempt: number; until: number };

export interface Handlers {
  status(status: Status): void;
  /** Tiles that are on the map and have become stale; `null`: all. */
  stale(keys: string[] | null): void;
  /** `asked`: the report answers the question that stands, not how the live world is. */
  figures(region: string, kind: ReportKind, report: unknown, asked: boolean): void;
  /** A question is answered, and its stale tiles are asked for: all from now on is of it. `last`: no later one is under way. */
  question(last: boolean): void;
  /** Everything of this revision can now be had. */
  revision(revision: number): void;
  /** A scenario of a county that is watched, as it stands. */
  scenario?(region: string, scenario: unknown): void;
  /** What came of an `assign`; of some that were overtaken nothing comes. */
  assigned?(seq: number, answer: unknown): void;
  error(code: string, message: string, seq?: number): void;
  /** The stream was ended because the session did, or because rights changed. */
  ended(): void;
  /** Number of tiles asked for and not yet here. */
  pending(count: number): void;
}

export interface Options {
  open: () => Socket;
  handlers: Handlers;
  layers: string[];
  /** Where the screen looks, lon and lat; the server sends nearest first. */
  center: () => [number, number];
  /** Calls back once, soon: what the map wants meanwhile travels together. */
  frame: (run: () => void) => void;
  /** The tiles that lie on the map now. Of those a stale one is asked for at once, before the map comes round to it. */
  shown?: () => string[];
  now?: () => number;
  random?: () => number;
  /** Most tiles kept. */
  keep?: number;
}

interface Waiter {
  resolve: (data: ArrayBuffer) => void;
  reject: (reason: Error) => void;
}

/** Revision of a tile, and how many `stale` messages had come before it: a question changes tiles within one revision. */
interface Stamp {
  revision: number;
  after: number;
}

interface Held extends Stamp {
  data: ArrayBuffer;
  /** A patch may be laid over it. */
  whole: boolean;
}

interface Passed extends Stale {
  number: number;
}

const OPEN = 1;
/** Most tiles remembered as given: far more than a map shows at once. */
const GIVEN_MOST = 4096;
/** The code of a stream whose session ended or whose rights changed. */
const RIGHTS_CHANGED = 4001;
const CREDIT_STEP = 8;
/** A tile that has been asked for and has not come is asked for again after this. */
const PATIENCE_MS = 20_000;

export class StreamClient {
  #options: Options;
  #socket: Socket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setInterval> | undefined;
  #attempt = 0;
  #ready = false;
  #closed = false;
  #revision = 0;
  #seq = 0;
  #received = 0;
  #scheduled = false;
  #askedAt = 0;
  #lastView: string | null = '';
  #region = '';
  #figures: { region: string; reports: ReportKind[] } | null = null;
  #question: Asked | null = null;
  /** The county whose scenarios are told. */
  #scenarios = '';
  #questions = 0;
  #assigns = 0;
  /** Whether the server's last answer to a question was about one that asks something. */
  #asked = false;
  /** An answer whose stale tiles are still to be named; whether it is of the last question. */
  #answer: { last: boolean } | null = null;
  /** Tiles the map waits for; without anybody: asked for before the map does. */
  #wanted = new Map<string, Set<Waiter>>();
  /** Tiles kept, oldest first. */
  #held = new Map<string, Held>();
  /** Outdated tiles of the live world that a patch may make new again, oldest first. */
  #bases = new Map<string, Held>();
  /** Tiles given to the map: these must be refreshed when stale. */
  #given = new Map<string, Stamp>();
  /** The last stale messages, against tiles that were under way when they came. */
  #stales: Passed[] = [];
  #passed = 0;
  /** Ends when every frame so far has been taken. */
  #arrivals: Promise<void> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Opens the socket, and opens it again whenever it closes. */
  connect(): void {
    this.#closed = false;
    this.#open();
    this.#patience = setInterval(() => {
      const late = this.#wanted.size > 0 && this.#clock() - this.#askedAt > PATIENCE_MS;
      if (late) this.#askAgain();
    }, PATIENCE_MS / 4);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#patience);
    this.#socket?.close(1000);
  }

  /** Tries now instead of waiting for the back-off. */
  retry(): void {
    if (this.#socket) return;
    clearTimeout(this.#timer);
    this.#open();
  }

  /** Somebody else sits here: forgets all that is held and opens the stream anew. */
  restart(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#ready = false;
    clearTimeout(this.#timer);
    socket?.close(1000);
    this.#forgetAll();
    if (!this.#closed) this.#open();
  }

  #forgetAll(): void {
    this.#revision = 0;
    this.#stales = [];
    this.#held.clear();
    this.#bases.clear();
    this.#given.clear();
    this.#options.handlers.stale(null);
  }

  /** Asks for reports of a region now and after each revision that touches it. */
  watch(region: string, reports: ReportKind[]): void {
    this.#figures = { region, reports };
    if (this.#ready) this.#send({ type: 'figures', region, reports });
  }

  /** Asks to be told of the scenarios of a county, now and whenever one changes. */
  watchScenarios(region: string): void {
    if (region === this.#scenarios) return;
    this.#scenarios = region;
    if (this.#ready) this.#send({ type: 'scenarios', region });
  }

  /**
   * Asks what the map is to show of a county; it holds for this stream until another is asked. Says whether an answer
   * is to come: of what is asked already there is none.
   */
  ask(question: Asked): boolean {
    const said = (one: Asked | null) => (one && asksSomething(one) ? JSON.stringify(one) : '');
    if (said(question) === said(this.#question)) return false;
    this.#question = question;
    if (this.#ready) this.#sendQuestion(question);
    return true;
  }

  /** Asks who goes where, as often as a hand moves: the latest counts. Its number; 0: the stream is not open. */
  assign(ask: AssignAsk): number {
    if (!this.#ready) return 0;
    this.#assigns++;
    this.#send({ type: 'assign', seq: this.#assigns, ...ask });
    return this.#assigns;
  }

  /** The bytes of a tile (an MVT, empty for an empty tile). Rejects with an AbortError when given up. */
  load(key: string, signal: AbortSignal): Promise<ArrayBuffer> {
    const held = this.#held.get(key);
    if (held) {
      this.#remember(key, held);
      return Promise.resolve(held.data.slice(0));
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, reject };
      const waiters = this.#wanted.get(key) ?? new Set();
      waiters.add(waiter);
      this.#wanted.set(key, waiters);
      this.#schedule();
      signal.addEventListener(
        'abort',
        () => {
          this.#forget(key, waiter);
          reject(new DOMException('tile no longer wanted', 'AbortError'));
        },
        { once: true },
      );
    });
  }

  #forget(key: string, waiter: Waiter): void {
    const waiters = this.#wanted.get(key);
    if (!waiters?.delete(waiter)) return;
    if (waiters.size === 0) this.#wanted.delete(key);
    this.#schedule();
  }

  #clock(): number {
    return (this.#options.now ?? Date.now)();
  }

  #open(): void {
    const { handlers, open } = this.#options;
    handlers.status({ state: 'connecting' });
    const socket = open();
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#send({ type: 'hello', version: PROTOCOL, since: this.#revision });
    };
    socket.onmessage = (event) => {
      if (socket !== this.#socket) return;
      if (typeof event.data === 'string') this.#message(JSON.parse(event.data) as ServerMessage);
      else this.#tile(event.data as ArrayBuffer);
    };
    socket.onerror = null;
    socket.onclose = (event) => {
      if (socket !== this.#socket) return;
      if (event.code === RIGHTS_CHANGED) {
        this.restart();
        this.#options.handlers.ended();
      } else this.#lost();
    };
  }

  #lost(): void {
    this.#socket = null;
    this.#ready = false;
    this.#answer = null;
    for (const [key, waiters] of this.#wanted) if (waiters.size === 0) this.#wanted.delete(key);
    if (this.#closed) return;
    this.#attempt++;
    const wait = backoff(this.#attempt, (this.#options.random ?? Math.random)());
    this.#options.handlers.status({ state: 'waiting', attempt: this.#attempt, until: this.#clock() + wait });
    this.#timer = setTimeout(() => {
      this.#open();
    }, wait);
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(message));
  }

  #message(message: ServerMessage): void {
    const { handlers } = this.#options;
    switch (message.type) {
      case 'hello':
        this.#hello(message.revision);
        break;
      case 'stale':
        this.#stale(message);
        break;
      case 'figures':
        handlers.figures(message.region, message.kind, message.report, this.#asked);
        break;
      case 'question':
        this.#asked = asksSomething(message);
        this.#bases.clear();
        this.#answer = { last: message.seq === this.#questions };
        break;
      case 'assigned':
        handlers.assigned?.(message.seq, message);
        break;
      case 'scenario':
        handlers.scenario?.(message.region, message.scenario);
        break;
      case 'revision':
        this.#advance(message.revision);
        handlers.revision(message.revision);
        break;
      case 'error':
        handlers.error(message.code, message.message, message.seq);
    }
  }

  #hello(revision: number): void {
    this.#ready = true;
    this.#attempt = 0;
    this.#received = 0;
    // A smaller revision is another database: nothing held can be trusted.
    if (revision < this.#revision) this.#stale({ type: 'stale', revision, since: 0, all: true });
    this.#revision = revision;
    this.#send({ type: 'subscribe', layers: this.#options.layers, region: this.#region });
    this.#askAnew(revision);
    if (this.#figures) this.#send({ type: 'figures', ...this.#figures });
    if (this.#scenarios) this.#send({ type: 'scenarios', region: this.#scenarios });
    this.#options.handlers.status({ state: 'live', revision });
    this.#askAgain();
  }

  /** A new stream has not heard the question, and what is held answers the one of the old. */
  #askAnew(revision: number): void {
    const asks = this.#question !== null && asksSomething(this.#question);
    if (asks || this.#asked) this.#stale({ type: 'stale', revision, since: 0, all: true });
    this.#asked = false;
    if (asks && this.#question) this.#sendQuestion(this.#question);
    else if (this.#question) this.#options.handlers.question(true);
  }

  #sendQuestion(question: Asked): void {
    this.#questions++;
    this.#send({ type: 'question', seq: this.#questions, ...question });
  }

  #advance(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    this.#options.handlers.status({ state: 'live', revision: this.#revision });
  }

  /** Drops what a change has outdated and has the map ask for what it shows. */
  #stale(stale: Stale): void {
    this.#revision = Math.max(this.#revision, stale.revision);
    const passed = { ...stale, number: ++this.#passed };
    this.#stales = [...this.#stales.slice(-63), passed];
    for (const [key, held] of this.#held) if (outdated(key, held, passed)) this.#overtake(key, held);
    if (stale.all) this.#bases.clear();
    const given = [...this.#given].filter(([key, held]) => outdated(key, held, passed)).map(([key]) => key);
    for (const key of given) this.#given.delete(key);
    if (given.length > 0) this.#wantAhead(given);
    if (this.#wanted.size > 0) {
      this.#lastView = null;
      this.#view();
    }
    if (stale.all) this.#options.handlers.stale(null);
    else if (given.length > 0) this.#options.handlers.stale(given);
    if (this.#answer) this.#options.handlers.question(this.#answer.last);
    this.#answer = null;
  }

  /** A tile that is outdated is kept below a patch, unless it shows what a question asked. */
  #overtake(key: string, held: Held): void {
    this.#held.delete(key);
    if (held.whole && !this.#asked && !this.#answer) this.#limit(this.#bases, key, held);
  }

  /** Wants what the map shows of these tiles: it will ask, but only once its worker has come round to it. */
  #wantAhead(keys: string[]): void {
    const shown = new Set(this.#options.shown?.());
    for (const key of keys)
      if (shown.has(key) && !this.#wanted.has(key)) this.#wanted.set(key, new Set<Waiter>());
  }

  /** Unpacks a frame and takes it in the order of arrival, however long each takes to unpack. */
  #tile(buffer: ArrayBuffer): void {
    this.#repay();
    const unpacked = read(buffer);
    const after = this.#passed;
    this.#arrivals = this.#arrivals.then(async () => {
      const tile = await unpacked;
      if (tile instanceof Error) this.#options.handlers.error('frame', tile.message);
      else this.#made(tile, after);
    });
  }

  /** Takes a tile, or makes it of a patch and what lies below. */
  #made(tile: Unpacked, after: number): void {
    const { key, revision, whole, base } = tile;
    if (base === null) return this.#arrive(key, { revision, after, whole, data: tile.data });
    const below = this.#bases.get(key);
    if (below?.revision !== base) return this.#unpatched(key);
    try {
      this.#arrive(key, { revision, after, whole, data: applyPatch(below.data, tile.data) });
    } catch (problem) {
      this.#options.handlers.error('frame', problem instanceof Error ? problem.message : String(problem));
      this.#unpatched(key);
    }
  }

  /** A patch that fits nothing: the whole tile is asked for. */
  #unpatched(key: string): void {
    this.#bases.delete(key);
    if (this.#wanted.has(key)) this.#askAgain();
  }

  /** The newer one stands; a tile that a change has overtaken is asked for again. */
  #arrive(key: string, tile: Held): void {
    if (this.#stales.some((stale) => outdated(key, tile, stale))) {
      if (this.#wanted.has(key)) this.#askAgain();
      return;
    }
    if ((this.#held.get(key)?.revision ?? -1) > tile.revision) return;
    this.#keep(key, tile);
    this.#give(key, tile);
  }

  #keep(key: string, held: Held): void {
    this.#bases.delete(key);
    this.#limit(this.#held, key, held);
  }

  #limit(kept: Map<string, Held>, key: string, held: Held): void {
    kept.delete(key);
    kept.set(key, held);
    const oldest = kept.keys().next().value;
    if (kept.size > (this.#options.keep ?? 400) && oldest !== undefined) kept.delete(oldest);
  }

  #remember(key: string, { revision, after }: Stamp): void {
    this.#given.delete(key);
    this.#given.set(key, { revision, after });
    const oldest = this.#given.keys().next().value;
    if (this.#given.size > GIVEN_MOST && oldest !== undefined) this.#given.delete(oldest);
  }

  #give(key: string, tile: Held): void {
    const waiters = this.#wanted.get(key);
    if (!waiters) return;
    this.#wanted.delete(key);
    this.#lastView = null;
    this.#remember(key, tile);
    for (const waiter of waiters) waiter.resolve(tile.data.slice(0));
    this.#options.handlers.pending(this.#wanted.size);
  }

  /** Pays back credit in steps, so that the server never waits and never floods. */
  #repay(): void {
    this.#received++;
    if (this.#received < CREDIT_STEP) return;
    this.#send({ type: 'credit', tiles: this.#received });
    this.#received = 0;
  }

  #askAgain(): void {
    this.#lastView = this.#wanted.size > 0 ? null : '';
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.frame(() => {
      this.#scheduled = false;
      this.#view();
    });
  }

  /** Sends the tiles wanted now, unless the server already knows exactly these. */
  #view(): void {
    this.#options.handlers.pending(this.#wanted.size);
    if (!this.#ready) return;
    const tiles = [...this.#wanted.keys()].slice(-MAX_VIEW);
    const view = tiles.join(' ');
    if (view === this.#lastView) return;
    this.#lastView = view;
    this.#askedAt = this.#clock();
    this.#seq++;
    const held = tiles.map((key) => this.#bases.get(key)?.revision ?? 0);
    const below = held.some(Boolean) ? { held } : {};
    this.#send({ type: 'view', seq: this.#seq, tiles, ...below, center: this.#options.center() });
  }
}

/** Whether a stale message speaks of a tile that came before it, or shows an earlier revision. */
function outdated(key: string, tile: Stamp, stale: Passed): boolean {
  return (tile.after < stale.number || tile.revision < stale.revision) && isStale(key, stale);
}

function asksSomething(one: Asked): boolean {
  return [
    one.as_of,
    one.known_at,
    one.season,
    one.connect_m,
    one.rai_m,
    one.walk_min,
    one.edits,
    one.scenario,
  ].some(Boolean);
}

interface Unpacked {
  key: string;
  revision: number;
  whole: boolean;
  base: number | null;
  data: ArrayBuffer;
}

/** A frame as a tile, or what is wrong with it. */
async function read(buffer: ArrayBuffer): Promise<Unpacked | Error> {
  try {
    const frame = parseFrame(buffer);
    const { key, revision, whole, base } = frame;
    return { key, revision, whole, base, data: await unpack(frame) };
  } catch (problem) {
    return problem instanceof Error ? problem : new Error(String(problem));
  }
}

/** The body of a frame as an MVT. */
async function unpack(frame: TileFrame): Promise<ArrayBuffer> {
  if (frame.empty) return new ArrayBuffer(0);
  if (!frame.gzip) return frame.body.slice().buffer;
  const stream = new Blob([frame.body]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}
