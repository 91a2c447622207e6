// One way to ask the service: every failure becomes a Problem that says in
// words what happened, and whoever keeps the session hears of one that ended.

/** What is wrong with one part of a request. */
export interface Fault {
  message?: string;
  location?: string;
  value?: unknown;
}

/** A request that was not served. `status` 0: the service was not reached. */
export class Problem extends Error {
  readonly status: number;
  /** Of a request with bad parts: which, and what is wrong with each. */
  readonly faults: Fault[];
  /** The whole answer: some refusals say what stands instead. */
  readonly body: object;
  /** Seconds after which it may be tried again; 0: not said. */
  readonly retryAfter: number;

  constructor(status: number, message: string, faults: Fault[] = [], retryAfter = 0, body: object = {}) {
    super(message);
    this.status = status;
    this.faults = faults;
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

export function asProblem(cause: unknown): Problem {
  return cause instanceof Problem
    ? cause
    : new Problem(0, cause instanceof Error ? cause.message : String(cause));
}

export type Query = Record<string, string | number | boolean | null | undefined>;

/** The path with those parameters that say something. */
export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '' && value !== false,
  );
  // A colon and a comma are themselves in a query; written out they would triple, and an address has an end.
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)]))
    .toString()
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',');
  return `/api/v1/${path}${search ? `?${search}` : ''}`;
}

let unauthorized: () => void = () => undefined;

/** Who is told when an answer says that nobody is signed in. */
export function onUnauthorized(told: () => void): void {
  unauthorized = told;
}

interface ProblemBody {
  title?: string;
  detail?: string;
  errors?: Fault[] | null;
}

async function problemOf(answer: Response): Promise<Problem> {
  let body: ProblemBody = {};
  try {
    body = (await answer.json()) as ProblemBody;
  } catch {
    // No problem+json: the status line says what there is to say.
  }
  const text = body.detail ?? body.title ?? answer.statusText;
  const wait = Number(answer.headers.get('Retry-After'));
  return new Problem(answer.status, text, body.errors ?? [], Number.isFinite(wait) ? wait : 0, body);
}

let bearer = '';

/** Asks everything from now on by a link to a wall. */
export function bear(token: string): void {
  bearer = token;
}

/** The token of the link that this screen was opened by; empty: by none. */
export function borne(): string {
  return bearer;
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  const headers = new Headers(init.headers);
  if (bearer) headers.set('Authorization', `Bearer ${bearer}`);
  try {
    answer = await fetch(url, { credentials: 'same-origin', ...init, headers });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new Problem(0, cause instanceof Error ? cause.message : String(cause));
  }
  if (answer.ok) return answer;
  if (answer.status === 401) unauthorized();
  throw await problemOf(answer);
}

async function decoded<T>(answer: Response): Promise<T> {
  return (answer.status === 204 ? null : await answer.json()) as T;
}

export async function read<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return decoded<T>(await ask(address(path, query), signal ? { signal } : {}));
}

/** Reads a file as it is. */
export async function fetchFile(path: string, query: Query, signal: AbortSignal): Promise<Blob> {
  return (await ask(address(path, query), { signal })).blob();
}

/** Sends JSON. */
export async function send<T>(
  method: 'POST' | 'PUT' | 'DELETE' | 'PATCH',
  path: string,
  body?: unknown,
  query: Query = {},
  signal?: AbortSignal,
): Promise<T> {
  const init = {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  };
  return decoded<T>(await ask(address(path, query), init));
}

/** Sends JSON and hands the answer over before it is read: it comes bit by bit. */
export function open(path: string, body: unknown, signal: AbortSignal): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return ask(address(path), { method: 'POST', headers, body: JSON.stringify(body), signal });
}

/** Sends a file as it is. */
export async function upload<T>(path: string, file: Blob, media: string, query: Query = {}): Promise<T> {
  const init = { method: 'POST', body: file, headers: { 'Content-Type': media } };
  return decoded<T>(await ask(address(path, query), init));
}
