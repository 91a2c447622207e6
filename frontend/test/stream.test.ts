import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoff } from '../src/stream/backoff';
import { StreamClient, type Handlers, type Socket } from '../src/stream/client';
import {
  FRAME_HEAD,
  isStale,
  overlaps,
  parseFrame,
  parseKey,
  type ClientMessage,
} from '../src/stream/protocol';

/** A socket in the test's hands. */
class FakeSocket implements Socket {
  binaryType = 'blob';
  readyState = 0;
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  readonly sent: ClientMessage[] = [];

  send(data: string): void {
    this.sent.push(JSON.parse(data) as ClientMessage);
  }
  close(): void {
    this.drop();
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.(new Event('open'));
  }
  say(message: object): void {
    this.onmessage?.(new MessageEvent('message', { data: JSON.stringify(message) }));
  }
  give(buffer: ArrayBuffer): void {
    this.onmessage?.(new MessageEvent('message', { data: buffer }));
  }
  drop(): void {
    this.readyState = 3;
    this.onclose?.(new Event('close') as CloseEvent);
  }
  of<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.sent.filter((message) => message.type === type) as Extract<ClientMessage, { type: T }>[];
  }
}

function frame(key: string, revision: number, text: string | null, seq = 1, zip = true): ArrayBuffer {
  const { z, x, y } = parseKey(key);
  const body = text === null ? new Uint8Array() : new TextEncoder().encode(text);
  const packed = text !== null && zip ? new Uint8Array(gzipSync(body)) : body;
  const buffer = new ArrayBuffer(FRAME_HEAD + packed.length);
  const view = new DataView(buffer);
  view.setUint8(0, 0x51);
  view.setUint8(1, 0x54);
  view.setUint8(2, 1);
  view.setUint8(3, text === null ? 2 : zip ? 1 : 0);
  view.setUint8(4, z);
  view.setUint32(5, x);
  view.setUint32(9, y);
  view.setBigUint64(13, BigInt(revision));
  view.setUint32(21, seq);
  new Uint8Array(buffer, FRAME_HEAD).set(packed);
  return buffer;
}

/** A frame of a whole tile, or of a patch over the one of a revision. */
function wholeFrame(key: string, revision: number, bytes: Uint8Array, base?: number): ArrayBuffer {
  const tile = new Uint8Array(frame(key, revision, ''));
  const packed = new Uint8Array(gzipSync(bytes));
  const below = new Uint8Array(base === undefined ? 0 : 8);
  if (base !== undefined) new DataView(below.buffer).setBigUint64(0, BigInt(base));
  const out = new Uint8Array([...tile.subarray(0, FRAME_HEAD), ...below, ...packed]);
  out[3] = base === undefined ? 5 : 13;
  return out.buffer;
}

const text = (data: ArrayBuffer) => new TextDecoder().decode(data);
/** Lets the unpacking of a frame come to its end: it goes through threads, behind which ours queues up, however busy they are. */
async function settle(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    const packed = new Blob([new Uint8Array(gzipSync('x'))]).stream();
    await new Response(packed.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  }
  await new Promise((resolve) => setImmediate(() => setTimeout(resolve, 5)));
}

function setup(shown: string[] = []) {
  const sockets: FakeSocket[] = [];
  const frames: (() => void)[] = [];
  const calls = {
    status: vi.fn<Handlers['status']>(),
    stale: vi.fn<Handlers['stale']>(),
    figures: vi.fn<Handlers['figures']>(),
    question: vi.fn<Handlers['question']>(),
    revision: vi.fn<Handlers['revision']>(),
    scenario: vi.fn<NonNullable<Handlers['scenario']>>(),
    error: vi.fn<Handlers['error']>(),
    ended: vi.fn<Handlers['ended']>(),
    pending: vi.fn<Handlers['pending']>(),
  };
  const client = new StreamClient({
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    handlers: calls,
    layers: ['road', 'village'],
    center: () => [104.7, 27.1],
    frame: (run) => frames.push(run),
    shown: () => shown,
    random: () => 0,
    keep: 3,
  });
  client.connect();
  const tick = () => {
    for (const run of frames.splice(0)) run();
  };
  const last = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  };
  const live = (revision = 10) => {
    last().open();
    last().say({ type: 'hello', version: 1, revision, layers: [], time: '' });
    tick();
  };
  const load = (key: string) => {
    const abort = new AbortController();
    const promise = client.load(key, abort.signal);
    promise.catch(() => undefined);
    return { abort, promise };
  };
  return { client, sockets, calls, tick, last, live, load };
}

let cleanup: StreamClient[] = [];
function start(shown?: string[]) {
  const all = setup(shown);
  cleanup.push(all.client);
  return all;
}
beforeEach(() => {
  cleanup = [];
});
afterEach(() => {
  for (const client of cleanup) client.close();
  vi.useRealTimers();
});

describe('a connection', () => {
  it('says hello, subscribes, and asks for figures it was told to watch', () => {
    const { client, last, live } = start();
    client.watch('520527', ['completion']);
    live();
    expect(last().sent.map((message) => message.type)).toEqual(['hello', 'subscribe', 'figures']);
    expect(last().of('hello')[0]).toEqual({ type: 'hello', version: 2, since: 0 });
    expect(last().of('subscribe')[0]?.layers).toEqual(['road', 'village']);
  });

  it('comes back after a loss with its last revision, waiting longer each time', () => {
    vi.useFakeTimers();
    const { sockets, last, live, calls } = start();
    live(41);
    last().drop();
    expect(calls.status).toHaveBeenLastCalledWith(expect.objectContaining({ state: 'waiting', attempt: 1 }));
    vi.advanceTimersByTime(backoff(1, 0) - 1);
    expect(sockets.length).toBe(1);
    vi.advanceTimersByTime(2);
    expect(sockets.length).toBe(2);
    last().drop();
    vi.advanceTimersByTime(backoff(2, 0) + 1);
    expect(sockets.length).toBe(3);
    live(42);
    expect(last().of('hello')[0]?.since).toBe(41);
    expect(calls.status).toHaveBeenLastCalledWith({ state: 'live', revision: 42 });
  });

  it('tries at once when asked to', () => {
    vi.useFakeTimers();
    const { client, sockets, last, live } = start();
    live();
    last().drop();
    client.retry();
    expect(sockets.length).toBe(2);
    vi.advanceTimersByTime(60_000);
    expect(sockets.length).toBe(2);
  });

  it('asks again for what was under way when it was lost', () => {
    vi.useFakeTimers();
    const { last, live, load, tick } = start();
    live();
    load('9/1/2');
    tick();
    last().drop();
    vi.advanceTimersByTime(1000);
    live(10);
    expect(last().of('view').at(-1)?.tiles).toEqual(['9/1/2']);
  });

  it('trusts nothing it holds when the service has gone back in revisions', async () => {
    const { last, live, load, tick, calls, client } = start();
    live(50);
    const { promise } = load('9/1/2');
    tick();
    last().give(frame('9/1/2', 50, 'old'));
    await promise;
    last().drop();
    client.retry();
    live(3);
    expect(calls.stale).toHaveBeenLastCalledWith(null);
    expect(client.revision).toBe(3);
  });

  it('waits between tries no longer than its longest, and never in step with others', () => {
    for (let attempt = 1; attempt < 40; attempt++) {
      expect(backoff(attempt, 0.999)).toBeLessThanOrEqual(15_000);
      expect(backoff(attempt, 0)).toBeLessThan(backoff(attempt, 0.999));
    }
  });
});

describe('tiles', () => {
  it('are asked for together, once a frame, with the centre of the screen', () => {
    const { last, live, load, tick } = start();
    live();
    load('9/1/2');
    load('9/1/3');
    load('9/1/2');
    const before = last().of('view').length;
    tick();
    const views = last().of('view').slice(before);
    expect(views.length).toBe(1);
    expect(views[0]).toMatchObject({ tiles: ['9/1/2', '9/1/3'], center: [104.7, 27.1] });
  });

  it('number their views upwards', () => {
    const { last, live, load, tick } = start();
    live();
    for (const key of ['9/1/2', '9/1/3', '9/1/4']) {
      load(key);
      tick();
    }
    const seqs = last()
      .of('view')
      .map((view) => view.seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(seqs.length);
  });

  it('arrive unpacked, plain and empty ones too', async () => {
    const { last, live, load, tick } = start();
    live();
    const [a, b, c] = ['9/1/1', '9/1/2', '9/1/3'].map(load);
    tick();
    last().give(frame('9/1/1', 10, 'zipped'));
    last().give(frame('9/1/2', 10, 'plain', 1, false));
    last().give(frame('9/1/3', 10, null));
    expect(text((await a?.promise) ?? new ArrayBuffer(0))).toBe('zipped');
    expect(text((await b?.promise) ?? new ArrayBuffer(0))).toBe('plain');
    expect((await c?.promise)?.byteLength).toBe(0);
  });

  it('that scroll away are given up and cancelled at the server', async () => {
    const { last, live, load, tick } = start();
    live();
    const gone = load('9/1/1');
    load('9/1/2');
    tick();
    gone.abort.abort();
    await expect(gone.promise).rejects.toThrow(/no longer wanted/);
    tick();
    expect(last().of('view').at(-1)?.tiles).toEqual(['9/1/2']);
  });

  it('are kept, so that coming back asks nothing', async () => {
    const { last, live, load, tick } = start();
    live();
    const first = load('9/1/1');
    tick();
    last().give(frame('9/1/1', 10, 'kept'));
    await first.promise;
    const views = last().of('view').length;
    expect(text(await load('9/1/1').promise)).toBe('kept');
    tick();
    expect(last().of('view').length).toBe(views);
  });

  it('are kept up to a number, the oldest going first', async () => {
    const { last, live, load, tick } = start();
    live();
    const keys = ['9/1/1', '9/1/2', '9/1/3', '9/1/4'];
    const loads = keys.map(load);
    tick();
    for (const key of keys) last().give(frame(key, 10, key));
    await Promise.all(loads.map((one) => one.promise));
    load('9/1/1');
    tick();
    expect(last().of('view').at(-1)?.tiles).toEqual(['9/1/1']);
  });

  it('pay back their credit', async () => {
    const { last, live, load, tick } = start();
    live();
    for (let i = 0; i < 20; i++) load(`9/1/${String(i)}`);
    tick();
    for (let i = 0; i < 20; i++) last().give(frame(`9/1/${String(i)}`, 10, null));
    await settle();
    const paid = last()
      .of('credit')
      .reduce((sum, credit) => sum + credit.tiles, 0);
    expect(paid).toBe(16);
    expect(
      Math.max(
        ...last()
          .of('credit')
          .map((credit) => credit.tiles),
      ),
    ).toBeLessThanOrEqual(8);
  });

  it('that are not ours are told of and do not break the stream', async () => {
    const { last, live, load, tick, calls } = start();
    live();
    const one = load('9/1/1');
    tick();
    last().give(new ArrayBuffer(3));
    last().give(new TextEncoder().encode('XX345678901234567890123456').buffer);
    const torn = frame('9/1/1', 10, 'zipped').slice(0, -6);
    last().give(torn);
    await settle();
    expect(calls.error).toHaveBeenCalledTimes(3);
    last().give(frame('9/1/1', 10, 'good'));
    expect(text(await one.promise)).toBe('good');
  });
});

describe('a change', () => {
  const cell = '12/3212/1724';
  const inside = '9/401/215';
  const outside = '9/402/215';

  async function two() {
    const all = start();
    all.live(10);
    const loads = [inside, outside].map(all.load);
    all.tick();
    all.last().give(frame(inside, 10, 'old in'));
    all.last().give(frame(outside, 10, 'old out'));
    await Promise.all(loads.map((one) => one.promise));
    return all;
  }

  it('has the tiles that cover its cells asked for again, and no other', async () => {
    const { last, load, tick, calls } = await two();
    last().say({
      type: 'stale',
      revision: 11,
      since: 10,
      all: false,
      tiles: [cell],
      layers: ['road'],
      regions: [],
    });
    expect(calls.stale).toHaveBeenCalledExactlyOnceWith([inside]);
    const views = last().of('view').length;
    expect(text(await load(outside).promise)).toBe('old out');
    const again = load(inside);
    tick();
    expect(
      last()
        .of('view')
        .slice(views)
        .map((view) => view.tiles),
    ).toEqual([[inside]]);
    last().give(frame(inside, 11, 'new'));
    expect(text(await again.promise)).toBe('new');
  });

  it('of everything has everything asked for again', async () => {
    const { last, load, tick, calls } = await two();
    last().say({ type: 'stale', revision: 11, since: 10, all: true, tiles: null, layers: [], regions: [] });
    expect(calls.stale).toHaveBeenCalledExactlyOnceWith(null);
    load(outside);
    tick();
    expect(last().of('view').at(-1)?.tiles).toEqual([outside]);
  });

  it('overtakes a tile under way: the old one is dropped and asked for again', async () => {
    const { last, live, load, tick } = start();
    live(10);
    const one = load(inside);
    tick();
    const views = last().of('view').length;
    last().say({
      type: 'stale',
      revision: 11,
      since: 10,
      all: false,
      tiles: [cell],
      layers: [],
      regions: [],
    });
    tick();
    last().give(frame(inside, 10, 'old'));
    await settle();
    tick();
    expect(last().of('view').length).toBeGreaterThan(views);
    expect(last().of('view').at(-1)?.tiles).toEqual([inside]);
    let served = '';
    void one.promise.then((data) => (served = text(data)));
    await settle();
    expect(served).toBe('');
    last().give(frame(inside, 11, 'new'));
    expect(text(await one.promise)).toBe('new');
  });

  it('does not bring an older tile back over a newer one', async () => {
    const { last, load } = await two();
    last().give(frame(inside, 12, 'newer'));
    last().give(frame(inside, 10, 'older'));
    await settle();
    expect(text(await load(inside).promise)).toBe('newer');
  });

  it('passes on figures, the revision and errors', () => {
    const { last, live, calls, client } = start();
    live(10);
    last().say({ type: 'figures', revision: 11, region: '520527', kind: 'completion', report: { rows: [] } });
    expect(calls.figures).toHaveBeenCalledWith('520527', 'completion', { rows: [] }, false);
    last().say({ type: 'revision', revision: 11, time: '' });
    expect(calls.revision).toHaveBeenCalledWith(11);
    expect(client.revision).toBe(11);
    last().say({ type: 'error', code: 'invalid', message: 'no such layer' });
    expect(calls.error).toHaveBeenCalledWith('invalid', 'no such layer', undefined);
  });
});

describe('the protocol', () => {
  it('knows which tile covers which', () => {
    expect(overlaps(parseKey('9/401/215'), parseKey('12/3212/1724'))).toBe(true);
    expect(overlaps(parseKey('14/12848/6896'), parseKey('12/3212/1724'))).toBe(true);
    expect(overlaps(parseKey('14/12847/6896'), parseKey('12/3212/1724'))).toBe(false);
    expect(overlaps(parseKey('0/0/0'), parseKey('12/3212/1724'))).toBe(true);
  });

  it('reads what a stale message means', () => {
    const stale = { type: 'stale', revision: 2, since: 1, all: false, tiles: null } as const;
    expect(isStale('9/1/1', stale)).toBe(false);
    expect(isStale('9/1/1', { ...stale, all: true })).toBe(true);
  });

  it('reads the head of a frame, large numbers too', () => {
    const read = parseFrame(frame('14/12848/6896', 2 ** 40 + 5, 'x', 4_000_000_000));
    expect(read).toMatchObject({
      key: '14/12848/6896',
      revision: 2 ** 40 + 5,
      seq: 4_000_000_000,
      gzip: true,
      empty: false,
    });
  });
});

describe('the scenarios of a county', () => {
  it('are asked for once, again on a new stream, and told as they come', () => {
    const { client, live, last, calls } = start();
    client.watchScenarios('520527');
    live(10);
    client.watchScenarios('520527');
    expect(last().of('scenarios')).toEqual([{ type: 'scenarios', region: '520527' }]);
    last().say({ type: 'scenario', region: '520527', scenario: { id: 3, version: 2 } });
    expect(calls.scenario).toHaveBeenCalledWith('520527', { id: 3, version: 2 });
    client.restart();
    live(10);
    expect(last().of('scenarios')).toEqual([{ type: 'scenarios', region: '520527' }]);
  });
});

describe('a question', () => {
  const live0 = {
    region: '520527',
    as_of: '',
    season: '',
    connect_m: 0,
    rai_m: 0,
    walk_min: 0,
    edits: '',
    scenario: 0,
  };
  const closed = { ...live0, edits: 'close:segment:17' };
  const key = '9/401/215';
  const stale = { type: 'stale', revision: 10, since: 10, all: false, tiles: ['12/3210/1722'] };

  it('is sent once, again on a new stream, and not while nothing is asked', () => {
    const { client, live, last } = start();
    client.ask(live0);
    live(10);
    expect(last().of('question')).toEqual([]);
    client.ask(closed);
    client.ask({ ...closed });
    expect(last().of('question')).toEqual([{ type: 'question', seq: 1, ...closed }]);
    client.restart();
    live(10);
    expect(last().of('question')).toEqual([{ type: 'question', seq: 2, ...closed }]);
    client.ask(live0);
    expect(last().of('question').at(-1)).toEqual({ type: 'question', seq: 3, ...live0 });
  });

  it('changes tiles within one revision: only those it names, held or under way', async () => {
    const { client, live, last, load, tick, calls } = start();
    live(10);
    const one = load(key);
    const other = load('9/402/215');
    tick();
    last().give(frame(key, 10, 'open'));
    last().give(frame('9/402/215', 10, 'far'));
    await one.promise;
    await other.promise;
    client.ask(closed);
    last().say({ type: 'question', seq: 1, revision: 10, ...closed });
    last().say(stale);
    expect(calls.question).toHaveBeenCalledExactlyOnceWith(true);
    expect(calls.stale).toHaveBeenCalledExactlyOnceWith([key]);
    const again = load(key);
    expect(text(await load('9/402/215').promise)).toBe('far');
    tick();
    last().give(frame(key, 10, 'closed'));
    expect(text(await again.promise)).toBe('closed');
    expect(text(await load(key).promise)).toBe('closed');
  });

  it('has the tiles that the map shows asked for with the answer, before the map asks', async () => {
    const { client, live, last, load, tick, calls } = start([key, '9/402/215', '9/403/215']);
    live(10);
    const loads = [key, '9/402/215'].map(load);
    tick();
    last().give(frame(key, 10, 'open'));
    last().give(frame('9/402/215', 10, 'far'));
    await Promise.all(loads.map((one) => one.promise));
    client.ask(closed);
    const views = last().of('view').length;
    last().say({ type: 'question', seq: 1, revision: 10, ...closed });
    expect(calls.question).not.toHaveBeenCalled();
    last().say(stale);
    expect(calls.question).toHaveBeenCalledExactlyOnceWith(true);
    expect(calls.pending).toHaveBeenLastCalledWith(1);
    const sent = last().of('view').slice(views);
    expect(sent.map((view) => view.tiles)).toEqual([[key]]);
    last().give(frame(key, 10, 'closed'));
    await settle();
    expect(calls.pending).toHaveBeenLastCalledWith(0);
    expect(text(await load(key).promise)).toBe('closed');
    tick();
    expect(last().of('view').length).toBe(views + 1);
  });

  it('says whether an answer is to come', () => {
    const { client, live, calls } = start();
    expect(client.ask(live0)).toBe(false);
    expect(client.ask(closed)).toBe(true);
    expect(client.ask({ ...closed })).toBe(false);
    // Taken back before anybody heard it: there is nothing to wait for.
    expect(client.ask(live0)).toBe(true);
    live(10);
    expect(calls.question).toHaveBeenCalledExactlyOnceWith(true);
  });

  it('says of figures whether they answer it', () => {
    const { client, live, last, calls } = start();
    live(10);
    const figures = { type: 'figures', revision: 10, region: '520527', kind: 'coverage', report: {} };
    client.ask(closed);
    last().say(figures);
    last().say({ type: 'question', revision: 10, ...closed });
    last().say(figures);
    last().say({ type: 'question', revision: 10, ...live0 });
    last().say(figures);
    expect(calls.figures.mock.calls.map((call) => call[3])).toEqual([false, true, false]);
  });

  it('that was cut off leaves nothing held that answers it', async () => {
    const { client, live, last, load, tick, calls } = start();
    client.ask(closed);
    live(10);
    last().say({ type: 'question', revision: 10, ...closed });
    const one = load(key);
    tick();
    last().give(frame(key, 10, 'closed'));
    await one.promise;
    calls.stale.mockClear();
    last().drop();
    client.ask(live0);
    client.retry();
    live(10);
    expect(calls.stale).toHaveBeenCalledExactlyOnceWith(null);
    expect(last().of('question')).toEqual([]);
  });
});

describe('a patch', () => {
  const key = '12/1/2';
  const stale = (revision: number) => ({ type: 'stale', revision, since: 10, all: false, tiles: [key] });
  /** A tile with nothing but an unknown field, and a patch that changes none of its layers. */
  const tile = Uint8Array.from([8, 1]);
  const patch = Uint8Array.from([0]);

  async function outdated() {
    const all = start();
    all.live();
    const { promise } = all.load(key);
    all.tick();
    all.last().give(wholeFrame(key, 10, tile));
    await promise;
    all.last().say(stale(11));
    const again = all.load(key);
    all.tick();
    return { ...all, again };
  }

  it('is asked for over the outdated tile, and makes it new', async () => {
    const { last, again, client } = await outdated();
    expect(last().of('view').at(-1)).toMatchObject({ tiles: [key], held: [10] });
    last().give(wholeFrame(key, 11, patch, 10));
    expect((await again.promise).byteLength).toBe(0);
    expect(client.revision).toBe(11);
  });

  it('over another revision than the one held has the whole tile asked for', async () => {
    const { last, tick } = await outdated();
    last().give(wholeFrame(key, 11, patch, 9));
    await settle();
    tick();
    expect(last().of('view').at(-1)?.tiles).toEqual([key]);
    expect(last().of('view').at(-1)?.held).toBeUndefined();
  });

  it('that is broken is told of, and the whole tile asked for', async () => {
    const { last, tick, calls } = await outdated();
    last().give(wholeFrame(key, 11, Uint8Array.from([200]), 10));
    await settle();
    tick();
    expect(calls.error).toHaveBeenCalledWith('frame', expect.any(String));
    expect(last().of('view').at(-1)?.held).toBeUndefined();
  });

  it('is not asked for over what a question changed, or when all is stale', async () => {
    const { last, tick, client } = await outdated();
    client.ask({
      region: '520527',
      as_of: '',
      known_at: '',
      season: 'dry',
      connect_m: 0,
      rai_m: 0,
      walk_min: 0,
      edits: '',
      scenario: 0,
    });
    last().say({ type: 'question', revision: 11, seq: 1, region: '520527', season: 'dry' });
    last().say({ type: 'stale', revision: 11, since: 11, all: false, tiles: [key] });
    tick();
    expect(last().of('view').at(-1)?.tiles).toEqual([key]);
    expect(last().of('view').at(-1)?.held).toBeUndefined();
  });
});
