// The relocation workspace: what to build and who moves as a price is moved,
// the sheet of a village, a budget that is too small, paper.

import AxeBuilder from '@axe-core/playwright';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionPlan, PlanLine } from '../src/plan/model';
import { COUNTY, idle, launch, open, shot, url } from './browser';

const DECIDE = `#/${COUNTY}/relocation?part=decide`;
/** A map takes a processor a while to paint: only where pictures are wanted it is large. */
const SIZE = process.env['QIANTU_SHOTS'] ? {} : { viewport: { width: 900, height: 600 } };
const READY = '[data-testid=bracket][data-busy=false]';
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

/** What the service itself decides. */
async function planOf(terms: Record<string, unknown>): Promise<DecisionPlan> {
  const answer = await fetch(`${url}/api/v1/plan/decide`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ region: COUNTY, gap: 0.01, time_limit_s: 60, ...terms }),
  });
  const lines = (await answer.text()).trim().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '') as PlanLine;
  if (last.type !== 'plan') throw new Error(lines.at(-1));
  return last.plan;
}

/** Moves a slider as a hand does: input by input, then let go. */
async function slide(page: Page, name: string, to: number): Promise<void> {
  await page.locator(`[data-slider=${name}] input[type=range]`).evaluate((element, to) => {
    const input = element as HTMLInputElement;
    const from = Number(input.value);
    for (const value of [from + (to - from) / 2, to]) {
      input.value = String(value);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, to);
}

async function objections(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    (one) =>
      `${one.id}: ${one.nodes
        .map((node) => node.html)
        .join(' | ')
        .slice(0, 300)}`,
  );
}

/** A picture of the first page of a PDF, where pictures are wanted; and its pages. */
async function paper(page: Page, name: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'qiantu-paper-'));
  try {
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const file = join(folder, `${name}.pdf`);
    writeFileSync(file, pdf);
    const shots = process.env['QIANTU_SHOTS'];
    if (shots) execFileSync('gdal_translate', ['-q', '-of', 'PNG', file, join(shots, `${name}.png`)]);
    return readFileSync(file, 'latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where a site lies on the page. */
async function siteOnPage(page: Page, id: number): Promise<{ x: number; y: number }> {
  return page.evaluate((id) => {
    const map = globalThis.qiantuMap;
    const [site] = map.querySourceFeatures('plan', {
      filter: ['all', ['==', ['get', 'kind'], 'site'], ['==', ['get', 'id'], id]],
    });
    if (site?.geometry.type !== 'Point') throw new Error(`site ${String(id)} is not drawn`);
    const [lon = 0, lat = 0] = site.geometry.coordinates;
    const at = map.project([lon, lat]);
    const box = map.getCanvas().getBoundingClientRect();
    return { x: box.left + at.x, y: box.top + at.y };
  }, id);
}

interface Moved {
  /** From the event of the hand to new figures and decoded lines. */
  answered: number;
  /** From then to the picture. */
  drawn: number;
}

/** Has the page tell, of its next event of the mouse, when figures and lines were there and when they were drawn. */
async function watchMove(page: Page, painting: boolean): Promise<() => Promise<Moved>> {
  await page.evaluate((paint) => {
    const map = globalThis.qiantuMap;
    // A graphics card paints beside the processor; here the processor paints, in the way of everything else.
    const render = map.painter.render;
    if (!paint) map.painter.render = () => undefined;
    const table = () => document.querySelector('[data-testid=flow-figures]')?.getAttribute('data-answer');
    const before = table();
    const done = new Promise<{ answered: number; drawn: number }>((resolve, reject) => {
      let [began, answered] = [0, 0];
      const late = setTimeout(() => {
        reject(new Error('nothing followed the hand within 20 s'));
      }, 20_000);
      const start = (event: Event) => (began ||= event.timeStamp);
      const decoded = () => {
        if (!began || answered || table() === before || !map.isSourceLoaded('plan')) return;
        answered = performance.now();
        map.painter.render = render;
        map.triggerRepaint();
      };
      const drawn = () => {
        if (!answered) return;
        clearTimeout(late);
        map.getCanvas().removeEventListener('mousemove', start, true);
        map.off('data', decoded);
        map.off('idle', drawn);
        resolve({ answered: answered - began, drawn: performance.now() - answered });
      };
      map.getCanvas().addEventListener('mousemove', start, true);
      map.on('data', decoded);
      map.on('idle', drawn);
    });
    Object.assign(globalThis, { moved: done });
  }, painting);
  return () => page.evaluate(() => (globalThis as unknown as { moved: Promise<Moved> }).moved);
}

const FIGURE = (name: string) => `[data-figure=${name}] td:nth-child(3)`;
const MOVES = 24;

describe('who goes where', () => {
  it('follows a site under the hand, figures and lines at once, and comes back by undo', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/relocation?part=assign`, {
      viewport: { width: 1000, height: 700 },
    });
    await page.waitForSelector('[data-testid=flow-figures]');
    await idle(page);
    const before = await page.locator(FIGURE('mean')).innerText();
    const site = Number(
      await page
        .locator('[data-site]')
        .evaluateAll((rows) =>
          rows
            .toSorted((a, b) => Number(b.getAttribute('data-used')) - Number(a.getAttribute('data-used')))[0]
            ?.getAttribute('data-site'),
        ),
    );
    const from = await siteOnPage(page, site);
    const times: Record<'painting' | 'withheld', Moved[]> = { painting: [], withheld: [] };
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    for (let i = 1; i <= MOVES; i++) {
      const how = i % 2 ? 'painting' : 'withheld';
      const told = await watchMove(page, how === 'painting');
      await page.mouse.move(from.x + 2 * i, from.y + 2 * i);
      times[how].push(await told());
    }
    expect(await page.locator(FIGURE('mean')).innerText()).not.toBe(before);
    await shot(page, 'assign-dragged');
    await page.mouse.up();
    await expect
      .poll(() => page.evaluate(() => decodeURIComponent(location.hash)))
      .toContain(`place:site:${String(site)}:`);
    const p95 = (of: number[]) => [...of].sort((a, b) => a - b)[Math.ceil(0.95 * of.length) - 1] ?? NaN;
    for (const [how, of] of Object.entries(times))
      process.stdout.write(
        `assign, ${how}: event of the hand to new figures and decoded lines p95 ${p95(of.map((one) => one.answered)).toFixed(0)} ms, picture after it ${p95(of.map((one) => one.drawn)).toFixed(0)} ms (${String(of.length)} moves)\n`,
      );
    // 100 ms on a machine that is not busy; the tests may run beside a build.
    expect(p95(times.withheld.map((one) => one.answered))).toBeLessThan(5000);

    await page.focus('main');
    await page.keyboard.press('Control+z');
    await expect.poll(() => page.locator(FIGURE('mean')).innerText(), { timeout: 20_000 }).toBe(before);
    expect(await page.evaluate(() => decodeURIComponent(location.hash))).not.toContain('place:site');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('follows a room, a closed site and the arrow keys; shows what reaches a site', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/relocation?part=assign`, SIZE);
    await page.waitForSelector('[data-testid=flow-figures]');
    const row = page.locator('[data-site]').first();
    const used = () => row.getAttribute('data-used').then(Number);
    const was = await used();
    const taken = Number((await row.locator('td').nth(2).innerText()).replace(/\D/g, '')) - was;
    expect(was).toBeGreaterThan(0);
    await row.locator('input').fill(String(taken));
    await page.keyboard.press('Tab');
    await expect.poll(used, { timeout: 20_000 }).toBe(0);
    expect(await page.evaluate(() => decodeURIComponent(location.hash))).toContain('capacity:site:');
    await page.focus('main');
    await page.keyboard.press('Control+z');
    await expect.poll(used, { timeout: 20_000 }).toBe(was);

    await row.locator('.name').click();
    await page.waitForSelector('[data-testid=catchment]:not([data-reached="0"])');
    await idle(page);
    expect(await objections(page)).toEqual([]);
    await shot(page, 'assign-catchment');
    await page.click('[data-testid=close-site]');
    await expect.poll(used, { timeout: 20_000 }).toBe(0);
    await page.focus('[data-testid=move-site]');
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => page.evaluate(() => decodeURIComponent(location.hash))).toContain('place:site:');
    await page.click('[data-testid=reset]');
    await expect.poll(used, { timeout: 20_000 }).toBe(was);

    const sites = await page.locator('[data-site]').count();
    await page.click('[data-testid=add-site]');
    const map = await page.locator('[data-testid=map]').boundingBox();
    await page.mouse.click((map?.x ?? 0) + (map?.width ?? 0) / 2, (map?.y ?? 0) + (map?.height ?? 0) / 2);
    await expect.poll(() => page.locator('[data-site]').count(), { timeout: 20_000 }).toBe(sites + 1);
    expect(await page.evaluate(() => decodeURIComponent(location.hash))).toContain('add:site:900001:');
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe('build or move', () => {
  it('names the three hamlet roads that twice the price drops, on screen, map and address', async () => {
    const { page, errors, strays } = await open(browser, DECIDE, SIZE);
    await page.waitForSelector(READY);
    await page.waitForSelector('[data-testid=says]');
    expect(await page.locator('[data-turned]').count()).toBe(0);
    const [now, dear] = await Promise.all([planOf({}), planOf({ yuan_per_km: 800_000 })]);
    const was = new Map(now.villages.map((row) => [row.village, row.decision]));
    const expected = dear.villages
      .filter((row) => row.decision === 'relocate' && was.get(row.village) === 'road')
      .map((row) => row.village);
    expect(expected.length).toBe(3);

    await slide(page, 'km', 800_000);
    await page.waitForSelector('[data-testid=turned][data-count="3"]');
    const turned = await page
      .locator('[data-turned][data-from=road][data-to=relocate]')
      .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-turned'))));
    expect(turned.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
    expect(await page.locator('[data-says=change]').innerText()).toMatch(/40\.00.*80\.00/);
    expect(await page.evaluate(() => decodeURIComponent(location.hash))).toContain('p.km=800000');
    const gap = Number(await page.getAttribute('[data-testid=bracket]', 'data-gap'));
    expect(gap).toBeLessThanOrEqual(0.01);
    const onMap = () =>
      page.evaluate(() => {
        const found = globalThis.qiantuMap.querySourceFeatures('plan', { filter: ['get', 'turned'] });
        return new Set(found.map((one) => Number(one.properties['id']))).size;
      });
    await expect.poll(onMap, { timeout: 30_000 }).toBe(3);
    expect(await objections(page)).toEqual([]);
    await shot(page, 'plan-turned');

    await page.locator('[data-turned]').first().click();
    await page.waitForSelector(`[data-testid=sheet][data-village="${String(turned[0])}"]`);
    expect(await page.locator('[data-flip=km]').count()).toBe(1);
    await shot(page, 'plan-sheet');
    expect(await objections(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-testid=decisions]');
    expect(errors).toEqual([]);
    expect(strays).toEqual([]);

    const { page: sent } = await open(browser, await page.evaluate(() => location.hash), SIZE);
    await sent.waitForSelector('[data-testid=turned][data-count="3"]');
    await sent.context().close();
    await page.context().close();
  });

  it('sorts and filters the table, and says what falls out when money is short', async () => {
    const { page, errors } = await open(browser, DECIDE, { ...SIZE, locale: 'en-GB' });
    await page.waitForSelector(READY);
    const need = (await planOf({})).costs.money;
    await page.fill('[data-slider=budget] input[type=text]', String(Math.round((0.75 * need) / 1e6)));
    await page.keyboard.press('Tab');
    await page.waitForSelector('[data-testid=years]');
    await page.waitForSelector(READY);
    expect(Number(await page.getAttribute('[data-testid=published]', 'data-count'))).toBeGreaterThan(0);
    await page.selectOption('[data-filter=decision]', 'review');
    await page.click('[data-sort=persons]');
    await page.click('[data-sort=persons]');
    const rows = page.locator('tr[data-village]');
    expect(await rows.count()).toBeGreaterThan(0);
    expect(await page.locator('tr[data-village]:not([data-decision=review])').count()).toBe(0);
    await shot(page, 'plan-budget');
    expect(await objections(page)).toEqual([]);

    await page.click('[data-testid=ask-curve]');
    await page.waitForSelector('[data-testid=budget-curve][data-points="9"]', { timeout: 60_000 });
    const point = page.locator('[data-testid=budget-curve] circle:not(.none)').first();
    const budget = await point.getAttribute('data-budget');
    await point.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => location.hash)).toContain(`p.budget=${String(budget)}`);
    await page.waitForSelector('[data-testid=budget-curve] circle.chosen');
    await shot(page, 'plan-curve');

    await page.fill('[data-slider=budget] input[type=text]', '1');
    await page.keyboard.press('Tab');
    await page.waitForSelector('[data-testid=infeasible]');
    expect(await page.locator('[data-testid=infeasible]').innerText()).toContain('Raise it');
    await shot(page, 'plan-infeasible');
    await page.click('[data-testid=infeasible] button');
    await page.waitForSelector('[data-testid=decisions]');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('goes to paper and to a spreadsheet', async () => {
    const { page } = await open(browser, `${DECIDE}&p.km=800000`, SIZE);
    await page.waitForSelector('[data-testid=turned]');
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const text = await page.locator('[data-testid=paper]').innerText();
    for (const part of ['2020-06-30', '80.00', '下界', '差距', '修路与搬迁研判表'])
      expect(text).toContain(part);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await page.locator('[data-testid=paper]').count()).toBe(0);
    await page.emulateMedia({ media: null });
    expect(await paper(page, 'plan-paper')).toBeGreaterThan(5);
    await page.locator('[data-turned]').first().click();
    await page.waitForSelector('[data-testid=sheet]');
    expect(await paper(page, 'plan-paper-sheet')).toBe(1);
    const sheet = await page.evaluate(async () => {
      const link = document.querySelector<HTMLAnchorElement>('[data-testid=sheet-xlsx]');
      const answer = await fetch(link?.href ?? '');
      return [answer.status, answer.headers.get('Content-Type'), (await answer.arrayBuffer()).byteLength];
    });
    expect(sheet[0]).toBe(200);
    expect(String(sheet[1])).toContain('spreadsheet');
    expect(sheet[2]).toBeGreaterThan(20_000);
    await page.context().close();
  });

  it('fits a phone, in the dark', async () => {
    const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' as const };
    const { page, errors } = await open(browser, `${DECIDE}&p.km=800000`, phone);
    await page.waitForSelector('[data-testid=turned][data-count="3"]');
    const wide = await page.evaluate(() => {
      const scroll = document.querySelector('.scroll');
      return scroll ? scroll.scrollWidth - scroll.clientWidth : NaN;
    });
    expect(wide).toBe(0);
    await shot(page, 'plan-phone');
    expect(await objections(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
