// What the tests of cases, inspections and deeds on routes share: roads of the
// demo that are plain, somebody who is signed in, and the figures of a screen.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Place } from '../src/api';
import type { Replay, Route, Routes, StripData } from '../src/works/api';
import { lineBetween } from '../src/works/place';
import { metres } from '../src/works/realign_line';
import { COUNTY, open, url, type Opened } from './browser';

export const RATE = 'M02 completion_rate';
export const COMPLETED = 'completed_length';
export const DAY = '2020-06-30';
export const WAIT = { timeout: 20_000 };

const used = new Set<number>();

export async function asked<T>(path: string): Promise<T> {
  const answer = await fetch(`${url}/api/v1/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
  return (await answer.json()) as T;
}

export const strip = (road: number, day = DAY) =>
  asked<StripData>(`roads/${String(road)}/strip?region=${COUNTY}&as_of=${day}`);

/** A drawn road that is all done, without case, inspection or chain break; every call another one. */
export async function finished(metres = 1200): Promise<Route> {
  const { items } = await asked<Routes>(`roads?region=${COUNTY}&state=done&drawn=true&limit=300&sort=-code`);
  for (const road of items) {
    if (used.has(road.id) || road.length_m < metres || road.completed_m !== road.length_m) continue;
    used.add(road.id);
    const data = await strip(road.id);
    // One that a later deed has changed is written to as it is then.
    if ((await strip(road.id, '2020-12-31')).road.version > 1) continue;
    const plain =
      data.breaks.length === 0 && data.marks.every((one) => one.at_mm === 0 || one.label !== 'K0+000');
    if (plain && data.disputed.length === 0 && data.inspections.length === 0 && data.scope.length === 1)
      return road;
  }
  throw new Error('the demo has no finished road left');
}

/** A finished road that hardly turns, and a place 100 m beside the middle of its K0+400 – K0+900. */
export async function straight(): Promise<{ road: Route; corner: Place; end: Place }> {
  const { pieces } = await asked<Replay>(`replay?region=${COUNTY}`);
  for (;;) {
    const road = await finished(1300);
    const line = lineBetween(pieces, road.id, { from_mm: 0, to_mm: road.length_m * 1000 });
    const bend = lineBetween(pieces, road.id, { from_mm: 400_000, to_mm: 900_000 });
    const [a, b, first, last] = [bend[0], bend.at(-1), line[0], line.at(-1)];
    if (!a || !b || !first || !last) continue;
    if (metres(a, b) < 400 || metres(first, last) < road.length_m * 0.7) continue;
    const east = 100 / (metres([a[0], a[1]], [a[0] + 0.001, a[1]]) * 1000);
    const north = 100 / (metres([a[0], a[1]], [a[0], a[1] + 0.001]) * 1000);
    const [dx, dy] = [(b[0] - a[0]) / east, (b[1] - a[1]) / north];
    const size = Math.hypot(dx, dy);
    return {
      road,
      end: last,
      corner: [(a[0] + b[0]) / 2 - (dy / size) * east, (a[1] + b[1]) / 2 + (dx / size) * north],
    };
  }
}

/** Opens a view as one of the demo's roles. */
export async function as(
  browser: Browser,
  role: string,
  hash: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const made = await fetch(`${url}/api/v1/demo/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ role }),
  });
  expect(made.status).toBe(201);
  const [name = '', value = ''] = (made.headers.get('set-cookie') ?? '').split(';')[0]?.split('=') ?? [];
  const cookie = { name, value, domain: new URL(url).hostname, path: '/', expires: -1 };
  return open(browser, hash, {
    ...options,
    storageState: {
      cookies: [{ ...cookie, httpOnly: true, secure: false, sameSite: 'Strict' }],
      origins: [],
    },
  });
}

export async function figure(page: Page, metric = RATE): Promise<number> {
  const found = page.locator(`main [data-metric$="${metric}"][data-scope$="${COUNTY}"]`).first();
  return Number(await found.getAttribute('data-value'));
}

export async function choose(page: Page, from: string, to: string): Promise<void> {
  await page.fill('[data-testid=span-from]', from);
  await page.fill('[data-testid=span-to]', to);
  await page.press('[data-testid=span-to]', 'Enter');
  await page.waitForSelector('[data-testid=chosen]', WAIT);
}

/** Draws K0+400 – K0+900 of the open route anew, around a corner: one click on the map. */
export async function redraw(page: Page, corner: Place): Promise<void> {
  await choose(page, 'K0+400', 'K0+900');
  await page.click('[data-testid=line-replace]');
  const [x, y] = await page.evaluate((place) => {
    const map = globalThis.qiantuMap;
    const box = map.getCanvas().getBoundingClientRect();
    const at = map.project(place);
    return [box.left + at.x, box.top + at.y] as const;
  }, corner);
  await page.mouse.click(x, y);
  await page.waitForFunction(() =>
    globalThis.qiantuMap.querySourceFeatures('drawn').some((one) => one.properties['kind'] === 'vertex'),
  );
}
