// How long to wait before the next try: doubling, capped, with jitter so that
// a restarted service does not meet all its screens in the same second.

const FIRST_MS = 400;
const LONGEST_MS = 15_000;

/** Milliseconds before try number `attempt` (1, 2, ...); `random` is in [0, 1). */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.round(full * (0.7 + 0.3 * random));
}
