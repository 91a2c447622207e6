// The coverage workspace: what is asked shows at once on the map and beside the
// live figures, and every step has its way back.

import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editText, fits, type Edit } from '../src/coverage/question';
import { COUNTY, idle, launch, open, shot, sql, url } from './browser';

const RATE = `main [data-metric="M07 connected_rate"][data-scope="${COUNTY}"]`;
const TOGGLES = 12;
const WHATIF = '[data-testid=whatif]';

let browser: Browser;
/** A piece of road, closed, parts villages from the seat: the one that parts most. */
let segment = '';

beforeAll(async () => {
  browser = await launch();
  segment = await parting();
});
afterAll(async () => {
  await browser.close();
});

async function rateOf(edits: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/report/coverage?region=${COUNTY}&by=none&edits=${edits}`);
  const { rows } = (await answer.json()) as { rows: { metric: string; scope: string; value: number }[] };
  return rows.find((row) => row.metric === 'M07 connected_rate' && row.scope === COUNTY)?.value ?? NaN;
}

/** Asks the service itself, so that the test holds whatever the demo invents. */
async function parting(): Promise<string> {
  const live = await rateOf('');
  const { page } = await open(browser, `#/${COUNTY}/coverage`);
  const all = await drawnRoads(page, ['secondary']);
  await page.context().close();
  for (const one of all) if ((await rateOf(`close:segment:${one[1]}`)) < live) return one[1];
  throw new Error('no secondary road of the demo parts a village');
}

/** Roads of some classes that the map draws, each with one of its segments. */
async function drawnRoads(page: Page, classes: string[]): Promise<[string, string][]> {
  const all = await page.evaluate(
    (classes) =>
      globalThis.qiantuMap
        .queryRenderedFeatures({ layers: ['road-existing'] })
        .filter((one) => classes.includes(String(one.properties['class'])) && one.properties['segment'])
        .map(({ properties }): [string, string] => [String(properties['id']), String(properties['segment'])]),
    classes,
  );
  return [...new Map(all)];
}

async function value(page: Page, of: string): Promise<number> {
  return Number(await page.getAttribute(`${of} >> nth=0`, 'data-value'));
}

/** How many villages the map shows by each verdict. */
async function verdicts(page: Page): Promise<Record<string, number>> {
  return page.evaluate(() => {
    const seen = new Map<string, string>();
    for (const { properties } of globalThis.qiantuMap.queryRenderedFeatures({ layers: ['village'] }))
      seen.set(String(properties['id']), String(properties['verdict']));
    const counts: Record<string, number> = {};
    for (const one of seen.values()) counts[one] = (counts[one] ?? 0) + 1;
    return counts;
  });
}

describe('a what-if', () => {
  it('closes a road: map and figures answer, the live ones beside them; undo brings all back', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/coverage`);
    const live = await value(page, RATE);
    const before = await verdicts(page);
    expect(await page.locator(WHATIF).count()).toBe(0);
    await page.evaluate(
      (hash) => (location.hash = hash),
      `#/${COUNTY}/coverage?edits=close:segment:${segment}`,
    );
    await page.waitForSelector(`${WHATIF}[data-busy=false]`);
    await expect.poll(() => value(page, RATE), { timeout: 30_000 }).toBeLessThan(live);
    expect(Number(await page.getAttribute(`${RATE} [data-before]`, 'data-before'))).toBe(live);
    expect(Number(await page.getAttribute(`${RATE} [data-delta]`, 'data-delta'))).toBeLessThan(0);
    await idle(page);
    await expect.poll(() => verdicts(page), { timeout: 30_000 }).not.toEqual(before);
    expect((await verdicts(page))['connected']).toBeLessThan(before['connected'] ?? 0);
    await shot(page, 'coverage-closed');

    await page.focus('main');
    await page.keyboard.press('Control+z');
    await page.waitForSelector(WHATIF, { state: 'detached' });
    await expect.poll(() => value(page, RATE), { timeout: 30_000 }).toBe(live);
    await idle(page);
    await expect.poll(() => verdicts(page), { timeout: 30_000 }).toEqual(before);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('begins at the proof of a village: why it is not connected, drawn on the map, and what mends it', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/coverage`);
    // Of those listed, one with metres missing: a road that is there but not when it rains is another answer.
    const listed = page.locator('main [data-item^="village:"]');
    await listed.first().waitFor();
    const items = await listed.evaluateAll((all) => all.map((one) => one.getAttribute('data-item') ?? ''));
    const missing = await Promise.all(items.map((one) => misses(one.replace('village:', ''))));
    await listed.nth(missing.indexOf(true)).click();
    await page.waitForSelector('[data-testid=proof][data-verdict=not] .legs');
    expect(await page.locator('[data-testid=proof] .why li').first().innerText()).not.toBe('');
    expect(await page.locator('[data-leg=missing]').count()).toBeGreaterThan(0);
    await idle(page);
    const drawn = () =>
      page.evaluate(() =>
        ['drawn-proven', 'drawn-missing', 'drawn-words'].map(
          (layer) => globalThis.qiantuMap.queryRenderedFeatures({ layers: [layer] }).length > 0,
        ),
      );
    await expect.poll(drawn, { timeout: 30_000 }).toContain(true);
    await expect.poll(async () => (await drawn()).slice(1), { timeout: 30_000 }).toEqual([true, true]);
    await shot(page, 'coverage-proof');
    await page.locator('[data-mend]').last().click();
    await page.waitForSelector(`${WHATIF}[data-busy=false]`);
    await page.waitForSelector('[data-part=change]');
    await page.click('[data-part=change]');
    await page.waitForSelector('[data-testid=changed]');
    expect(await page.locator('[data-adds-up=false]').count()).toBe(0);
    await shot(page, 'coverage-changes');
    await page.click('[data-part=build]');
    await page.waitForSelector('[data-testid=ranking] [data-rank]');
    await page.fill('[data-testid=budget]', '2000');
    await page.keyboard.press('Tab');
    await page.waitForSelector('[data-testid=plan]', { timeout: 20_000 });
    const [persons, bound] = await Promise.all(
      ['data-persons', 'data-bound'].map((name) => page.getAttribute('[data-testid=plan]', name)),
    );
    expect(Number(bound)).toBeGreaterThanOrEqual(Number(persons));
    expect(await objections(page)).toEqual([]);
    await page.click('[data-lens=service]');
    await page.waitForSelector('[data-testid=isochrone]:not([data-reached="0"])', { timeout: 20_000 });
    await shot(page, 'coverage-service');
    expect(errors).toEqual([]);
    await page.context().close();
  }, 300_000);

  it('shows the water of the dry season where it is asked for, the year beside it', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/coverage?lens=water`);
    await page.waitForSelector('main [data-metric$=" safe_water_rate"]');
    expect(await objections(page)).toEqual([]);
    await shot(page, 'coverage-water');
    const short = () =>
      page.evaluate(
        () =>
          globalThis.qiantuMap
            .queryRenderedFeatures({ layers: ['village'] })
            .filter((one) => one.properties['supply'] === 'no_capacity').length,
      );
    await idle(page);
    await expect.poll(short, { timeout: 30_000 }).toBeGreaterThan(0);
    const inYear = await short();
    await page.click('[data-season=dry]');
    const served = `[data-testid=supply] [data-metric="M16 served_rate"]`;
    await page.waitForSelector(`${served} [data-before]`);
    await expect.poll(() => page.evaluate(() => location.hash)).toContain('season=dry');
    const report = async (query: string) => {
      const answer = await fetch(`${url}/api/v1/report/water?region=${COUNTY}&by=none${query}`);
      const { rows } = (await answer.json()) as { rows: { metric: string; scope: string; value: number }[] };
      return rows.find((row) => row.metric === 'M16 served_rate' && row.scope === COUNTY)?.value;
    };
    const [dry, year] = [await report('&season=dry'), await report('')];
    await expect.poll(() => value(page, served), { timeout: 30_000 }).toBe(dry);
    expect(Number(await page.getAttribute(`${served} [data-before]`, 'data-before'))).toBe(year);
    // The map speaks of the same: more villages get too little than in the year.
    await expect.poll(short, { timeout: 30_000 }).toBeGreaterThan(inYear);
    expect(await objections(page)).toEqual([]);
    await shot(page, 'coverage-water-dry');
    await page.click('[data-season=rule]');
    await page.waitForSelector(WHATIF, { state: 'detached' });
    await idle(page);
    await expect.poll(short, { timeout: 30_000 }).toBe(inYear);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('refuses one edit too many in words, and drops none', async () => {
    const ids = sql(`select id from qiantu.road_segment where county = '${COUNTY}' order by id limit 500`);
    const many: Edit[] = [];
    for (const id of ids.split('\n')) {
      const edit: Edit = { deed: 'close', layer: 'segment', id };
      if (fits([...many, edit])) many.push(edit);
    }
    const road = sql(`select id from qiantu.road where county = '${COUNTY}' order by id desc limit 1`);
    const { page } = await open(
      browser,
      `#/${COUNTY}/coverage?sel=road:${road}&edits=${many.map(editText).join(',')}`,
    );
    await page.click('[data-edit="build:road"]');
    await page.waitForSelector('[data-testid=full]');
    const edits = await page.evaluate(() => new URLSearchParams(location.hash.split('?')[1]).get('edits'));
    expect(edits).toBe(many.map(editText).join(','));
    await page.context().close();
  });

  it('is held by the address, and the overview goes on speaking of the live world', async () => {
    const { page } = await open(browser, `#/${COUNTY}/coverage?edits=close:segment:${segment}&season=wet`);
    await page.waitForSelector(`${WHATIF}[data-busy=false]`);
    expect(await page.getAttribute('[data-season=wet]', 'aria-pressed')).toBe('true');
    expect(await page.locator(`[data-edited="close:segment:${segment}"]`).count()).toBe(1);
    await page.click('[data-panel=overview]');
    expect(await value(page, RATE)).toBe(await rateOf(''));
    expect(await page.locator(WHATIF).count()).toBe(1);
    await page.click('[data-testid=reset]');
    expect(await page.evaluate(() => location.hash)).not.toContain('edits');
    await page.context().close();
  });

  it('lies beside the live world on two maps with one view', async () => {
    const { page, errors } = await open(
      browser,
      `#/${COUNTY}/coverage?edits=close:segment:${segment}&compare=1`,
    );
    await page.waitForSelector('[data-testid=compared][data-pending="0"]');
    await page.waitForSelector('[data-testid=live-map][data-map=idle]', { timeout: 20_000 });
    await page.focus('[data-testid=compared] [role=slider]');
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
    expect(await page.getAttribute('[data-testid=compared] [role=slider]', 'aria-valuenow')).toBe('34');
    await shot(page, 'coverage-compare');
    expect(await objections(page)).toEqual([]);
    await page.click('[data-testid=compare]');
    await page.waitForSelector('[data-testid=compared]', { state: 'detached' });
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('shows within a blink of the click that closes a road', async () => {
    // A small map: how long a processor takes to paint a large one is told apart, but takes its time from the rest.
    const { page } = await open(browser, `#/${COUNTY}/coverage`, { viewport: { width: 900, height: 600 } });
    const roads = (await drawnRoads(page, ['secondary', 'tertiary'])).slice(0, TOGGLES);
    const times: Record<'painting' | 'withheld', Shown[]> = { painting: [], withheld: [] };
    for (const [i, [id, piece]] of roads.entries()) {
      await page.evaluate((hash) => (location.hash = hash), `#/${COUNTY}/coverage?sel=road:${id}/${piece}`);
      await page.waitForSelector(`[data-of="${id}/${piece}"] [data-edit="close:segment"]`);
      await page.waitForSelector(WHATIF, { state: 'detached' });
      await idle(page);
      const how = i % 2 ? 'withheld' : 'painting';
      times[how].push(await close(page, how === 'painting'));
    }
    for (const [how, of] of Object.entries(times))
      process.stdout.write(
        `what-if, ${how}: click to decoded tile p95 ${p95(of, 'tile').toFixed(0)} ms, picture after it ${p95(of, 'drawn').toFixed(0)} ms (${String(of.length)} roads)\n`,
      );
    expect(times.painting.length + times.withheld.length).toBe(TOGGLES);
    // 100 ms on a machine that is not busy; the tests may run beside a build.
    expect(p95(times.withheld, 'tile')).toBeLessThan(3000);
    await page.context().close();
  });
});

interface Shown {
  tile: number;
  drawn: number;
}

function p95(of: Shown[], key: keyof Shown): number {
  const sorted = of.map((one) => one[key]).sort((a, b) => a - b);
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? NaN;
}

/**
 * Clicks and waits for the first tile of the answer to be decoded, then for the picture. A graphics card paints beside
 * the processor; here the processor paints, in the way of everything else. Without `painting` frames are not painted
 * until the tile is decoded, so that its time is what the page and the service take.
 */
async function close(page: Page, painting: boolean): Promise<Shown> {
  return page.evaluate(
    (paint) =>
      new Promise<Shown>((done, fail) => {
        const map = globalThis.qiantuMap;
        const button = document.querySelector<HTMLButtonElement>('[data-edit="close:segment"]');
        let [clicked, tile] = [0, 0];
        const render = map.painter.render;
        if (!paint) map.painter.render = () => undefined;
        const late = setTimeout(() => {
          fail(new Error('no tile of the answer came within 20 s'));
        }, 20_000);
        const decoded = (event: { dataType: string; sourceId?: string; tile?: unknown }) => {
          if (event.dataType !== 'source' || event.sourceId !== 'qiantu' || !event.tile || tile) return;
          tile = performance.now();
          map.painter.render = render;
          map.triggerRepaint();
        };
        const pictured = () => {
          if (!tile) return;
          clearTimeout(late);
          map.off('data', decoded);
          map.off('idle', pictured);
          done({ tile: tile - clicked, drawn: performance.now() - tile });
        };
        map.on('data', decoded);
        map.on('idle', pictured);
        clicked = performance.now();
        button?.click();
      }),
    painting,
  );
}

/** Whether a village is not connected for want of metres. */
async function misses(village: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/v1/proof?region=${COUNTY}&village=${village}`);
  const { verdict, legs } = (await answer.json()) as { verdict: string; legs: { kind: string }[] };
  return verdict === 'not' && legs.some((one) => one.kind === 'missing');
}

/** What axe finds, each with the elements it means. */
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
