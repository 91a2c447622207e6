// Deeds on routes in a real browser: what each leaves of reports and figures,
// and that the next deed, or taking it back, brings everything back.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Routes, StripData } from '../src/works/api';
import { COUNTY, idle, launch, shot, url, type Opened } from './browser';
import {
  as,
  asked,
  choose,
  COMPLETED,
  figure,
  finished,
  RATE,
  redraw,
  straight,
  strip,
  WAIT,
} from './cases_kit';

/** After the day of the data, whose figures other tests read. */
const FIRST = '2020-08-01';
const SECOND = '2020-08-02';

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

const at = (road: number, day: string) =>
  `#/${COUNTY}/roads?asof=${day}&tab=realign&road=${String(road)}&lang=en`;

const bureau = (road: number, day = FIRST): Promise<Opened> => as(browser, 'bureau', at(road, day));

/** Another day on the same screen. */
async function turn(page: Page, road: number, day: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${url}/${at(road, day)}`);
  await idle(page);
  await page.waitForSelector('[data-kind=reverse]', WAIT);
}

const begin = (page: Page, kind: string) => page.click(`[data-kind=${kind}]`);

/** Works a deed out; the screen says what it would do. */
async function tried(page: Page): Promise<void> {
  await page.fill('[data-testid=realign-reason]', 'e2e: as the survey says');
  await page.click('[data-testid=realign-try]');
  await page.waitForSelector('[data-testid=effect], [data-testid=realign-problem]', WAIT);
  expect(await page.locator('[data-testid=realign-problem]').allTextContents()).toEqual([]);
  expect(await page.getAttribute('[data-testid=effect-completed]', 'data-reconciles')).toBe('true');
}

async function stored(page: Page): Promise<void> {
  await page.click('[data-testid=realign-confirm]');
  await page.click('[data-testid=realign-store]');
  await page.waitForSelector('[data-testid=realign-done]', WAIT);
}

async function takeBack(page: Page): Promise<void> {
  await page.click('[data-testid=withdraw]');
  await page.fill('[data-testid=withdraw-reason]', 'e2e: it was the wrong road');
  await page.click('[data-testid=withdraw-send]');
  await page.waitForSelector('[data-testid=realign-done], [data-testid=withdraw-problem]', WAIT);
  expect(await page.locator('[data-testid=withdraw-problem]').allTextContents()).toEqual([]);
}

/** What a strip says of the reports on it. */
const reports = (data: StripData) =>
  data.events
    .map((one) => ({
      id: one.id,
      stage: one.stage,
      from: one.from_mm,
      to: one.to_mm,
      labels: `${one.label_from} ${one.label_to}`,
      fate: one.fate,
    }))
    .sort((a, b) => a.id.localeCompare(b.id) || a.from - b.from);

const length = (spans: { from_mm: number; to_mm: number }[]) =>
  spans.reduce((sum, one) => sum + one.to_mm - one.from_mm, 0);

describe('a route', () => {
  it('is split, merged back, and both are taken back: reports and figures are as before', async () => {
    const road = await finished();
    const { page, errors } = await bureau(road.id);
    const [before, rate, km] = [
      await strip(road.id, FIRST),
      await figure(page),
      await figure(page, COMPLETED),
    ];
    const name = `e2e ${String(road.id)}`;
    await begin(page, 'split');
    await page.fill('#realign-at', 'K0+500');
    await page.fill('[data-testid=realign-name]', name);
    await tried(page);
    await stored(page);
    await expect.poll(async () => (await strip(road.id, FIRST)).road.length_mm, WAIT).toBe(500_000);
    const find = async (day: string) =>
      (await asked<Routes>(`roads?region=${COUNTY}&q=${encodeURIComponent(name)}&as_of=${day}`)).items[0];
    const second = await find(FIRST);
    if (!second) throw new Error('the second route is not listed');
    const halves = [await strip(road.id, FIRST), await strip(second.id, FIRST)];
    expect(halves.reduce((sum, one) => sum + length(one.completed), 0)).toBe(length(before.completed));
    expect(new Set(halves.flatMap((one) => one.events.map((event) => event.id)))).toEqual(
      new Set(before.events.map((event) => event.id)),
    );
    await expect.poll(() => figure(page, COMPLETED), WAIT).toBeCloseTo(km, 6);

    await turn(page, road.id, SECOND);
    await begin(page, 'merge');
    await page.fill('#realign-other', name);
    await page.click(`[data-other="${String(second.id)}"]`);
    await tried(page);
    await shot(page, 'deed-merge');
    await stored(page);
    await expect
      .poll(async () => (await strip(road.id, SECOND)).road.length_mm, WAIT)
      .toBe(before.road.length_mm);
    const merged = await strip(road.id, SECOND);
    expect(reports(merged)).toEqual(reports(before));
    expect(merged.completed).toEqual(before.completed);
    expect(await find(SECOND)).toBeUndefined();
    await expect.poll(() => figure(page), WAIT).toBeCloseTo(rate, 6);

    // The last deed first.
    await takeBack(page);
    await expect.poll(async () => (await strip(road.id, SECOND)).road.length_mm, WAIT).toBe(500_000);
    await takeBack(page);
    await expect.poll(async () => (await strip(road.id, SECOND)).road.version, WAIT).toBe(1);
    expect(reports(await strip(road.id, SECOND))).toEqual(reports(before));
    await expect.poll(() => figure(page), WAIT).toBeCloseTo(rate, 6);
    await expect.poll(() => page.locator('[data-testid=withdraw]').count(), WAIT).toBe(0);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('is reversed, and that is taken back', async () => {
    const road = await finished();
    const { page, errors } = await bureau(road.id);
    const [before, rate] = [await strip(road.id, FIRST), await figure(page)];
    await begin(page, 'reverse');
    await tried(page);
    await stored(page);
    await expect.poll(async () => (await strip(road.id, FIRST)).road.version, WAIT).toBeGreaterThan(1);
    const all = before.road.length_mm;
    const turned = await strip(road.id, FIRST);
    expect(reports(turned).map((one) => [one.id, one.from, one.to])).toEqual(
      reports(before).map((one) => [one.id, all - one.to, all - one.from]),
    );
    await expect.poll(() => figure(page), WAIT).toBeCloseTo(rate, 6);
    await shot(page, 'deed-reversed');
    await page.click('[data-testid=withdraw]');
    await shot(page, 'deed-withdraw');
    await page.keyboard.press('Escape');
    await takeBack(page);
    await expect.poll(async () => (await strip(road.id, FIRST)).road.version, WAIT).toBe(1);
    expect(reports(await strip(road.id, FIRST))).toEqual(reports(before));
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('is extended by a line from its end', async () => {
    const { road, end } = await straight();
    const { page, errors } = await bureau(road.id);
    const [before, km] = [await strip(road.id, FIRST), await figure(page, COMPLETED)];
    await begin(page, 'extend');
    await page.click('[data-testid=line-paste]');
    const on = [end[0], end[1] + 0.001];
    await page.fill(
      '[data-testid=line-text]',
      JSON.stringify({ type: 'LineString', coordinates: [end, on] }),
    );
    await page.click('[data-testid=line-take]');
    await tried(page);
    await stored(page);
    await expect.poll(async () => (await strip(road.id, FIRST)).road.version, WAIT).toBeGreaterThan(1);
    const longer = await strip(road.id, FIRST);
    const added = longer.road.length_mm - before.road.length_mm;
    expect(added).toBeGreaterThan(100_000);
    expect(added).toBeLessThan(125_000);
    expect(reports(longer)).toEqual(reports(before));
    // New metres are nobody's task.
    expect(length(longer.scope)).toBe(length(before.scope));
    await expect.poll(() => figure(page, COMPLETED), WAIT).toBeCloseTo(km, 6);
    await takeBack(page);
    await expect
      .poll(async () => (await strip(road.id, FIRST)).road.length_mm, WAIT)
      .toBe(before.road.length_mm);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('that is known by its length alone is extended by a length', async () => {
    const { items } = await asked<Routes>(`roads?region=${COUNTY}&drawn=false&limit=20&as_of=${FIRST}`);
    const road = items.at(-1);
    if (!road) throw new Error('the demo has no route without a line');
    const { page, errors } = await bureau(road.id);
    const before = await strip(road.id, FIRST);
    await begin(page, 'extend');
    await page.fill('[data-testid=realign-length]', '250.5');
    await tried(page);
    await stored(page);
    await expect
      .poll(async () => (await strip(road.id, FIRST)).road.length_mm, WAIT)
      .toBe(before.road.length_mm + 250_500);
    expect(reports(await strip(road.id, FIRST))).toEqual(reports(before));
    await takeBack(page);
    await expect
      .poll(async () => (await strip(road.id, FIRST)).road.length_mm, WAIT)
      .toBe(before.road.length_mm);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('is shortened; what stands on the deed holds it', async () => {
    const road = await finished();
    const { page, errors } = await bureau(road.id);
    const [before, km] = [await strip(road.id, FIRST), await figure(page, COMPLETED)];
    await begin(page, 'shorten');
    await choose(page, 'K0+000', 'K0+300');
    await tried(page);
    await stored(page);
    await expect
      .poll(async () => (await strip(road.id, FIRST)).road.length_mm, WAIT)
      .toBe(before.road.length_mm - 300_000);
    const shorter = await strip(road.id, FIRST);
    expect(shorter.retired_m).toBeCloseTo(300, 3);
    expect(length(shorter.completed)).toBe(length(before.completed) - 300_000);
    await expect.poll(() => figure(page, COMPLETED), WAIT).toBeCloseTo(km - 0.3, 6);
    const made = await page.evaluate(
      async (body) => {
        const answer = await fetch('/api/v1/inspections', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        });
        return answer.status;
      },
      { region: COUNTY, kind: 'planned', road: road.id, from_mm: 0, to_mm: 1000, on: FIRST },
    );
    expect(made).toBe(200);
    await page.click('[data-testid=withdraw]');
    await page.fill('[data-testid=withdraw-reason]', 'e2e: too much');
    await page.click('[data-testid=withdraw-send]');
    await page.waitForSelector('[data-testid=withdraw-problem]', WAIT);
    expect(await page.textContent('[data-testid=withdraw-problem]')).toMatch(/revoke or remove/);
    expect((await strip(road.id, FIRST)).road.version).toBe(shorter.road.version);
    expect(errors.filter((one) => !one.includes('409'))).toEqual([]);
    await page.context().close();
  });

  it('is realigned with a border that was corrected by hand', async () => {
    const { road, corner } = await straight();
    const [lon, lat] = corner;
    const { page, errors } = await as(
      browser,
      'bureau',
      `${at(road.id, FIRST)}&at=15/${String(lat)}/${String(lon)}`,
    );
    const [before, rate] = [await strip(road.id, FIRST), await figure(page)];
    await redraw(page, corner);
    await tried(page);
    await page.click('[data-testid=effect] summary');
    const border = page.locator('[data-border^=old]').first();
    const label = await border.inputValue();
    // The piece behind begins where this one ends.
    const row = () => page.locator('tr:has([data-border^=old]) + tr td:nth-child(2)').first().textContent();
    const was = await row();
    const [, km = '0', m = '0'] = /K(\d+)\+([\d.]+)/.exec(label) ?? [];
    const moved = Number(km) * 1000 + Number(m) - 2;
    await border.fill(`K${String(Math.floor(moved / 1000))}+${(moved % 1000).toFixed(3).padStart(7, '0')}`);
    await border.press('Tab');
    await page.waitForSelector('[data-testid=effect][data-by-hand=true]', WAIT);
    expect(await page.locator('[data-testid=realign-problem]').allTextContents()).toEqual([]);
    await expect.poll(row, WAIT).not.toBe(was);
    await shot(page, 'deed-by-hand');
    await stored(page);
    await expect.poll(async () => (await strip(road.id, FIRST)).road.version, WAIT).toBeGreaterThan(1);
    await takeBack(page);
    await expect.poll(async () => (await strip(road.id, FIRST)).road.version, WAIT).toBe(1);
    expect(reports(await strip(road.id, FIRST))).toEqual(reports(before));
    await expect.poll(() => figure(page, RATE), WAIT).toBeCloseTo(rate, 6);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
