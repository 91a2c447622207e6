import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { paced } from '../src/stream/pace';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('calls back at once after a rest, and then no more often than pictures change', () => {
  const soon = paced(16);
  const calls: number[] = [];
  const begun = performance.now();
  const call = () => {
    calls.push(performance.now() - begun);
  };
  soon(call);
  vi.advanceTimersByTime(1);
  soon(call);
  vi.advanceTimersByTime(14);
  expect(calls).toHaveLength(1);
  vi.advanceTimersByTime(2);
  soon(call);
  vi.advanceTimersByTime(100);
  soon(call);
  vi.advanceTimersByTime(1);
  expect(calls).toHaveLength(4);
  expect(calls[0]).toBeLessThan(2);
  expect(calls[1]).toBeGreaterThanOrEqual(16);
  expect((calls[2] ?? 0) - (calls[1] ?? 0)).toBeGreaterThanOrEqual(16);
  expect((calls[3] ?? 0) - 117).toBeLessThanOrEqual(1);
});
