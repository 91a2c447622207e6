// The map of the demo county in a real browser, over the real service and its
// database.

import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { light } from '../src/palette';
import { en } from '../src/i18n/en';
import { zh } from '../src/i18n/zh-CN';
import { apart, COUNTY, drawn, idle, launch, open, pixels, rgb, shot, sql, url } from './browser';

const COMPLETION = '[data-metric="M02 completion_rate"]';
const PANELS = ['overview', 'roads', 'coverage', 'relocation'] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

/** Every text of the page that a person sees. */
async function texts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walk.nextNode()) {
      const text = walk.currentNode.textContent?.trim();
      if (text) found.push(text);
    }
    return found;
  });
}

describe('the map', () => {
  it('draws every layer without /tiles and without anything from outside', async () => {
    const { page, errors, strays } = await open(browser, `#/${COUNTY}/overview?hide=`);
    const layers = await page.evaluate(() => [
      ...new Set(globalThis.qiantuMap.queryRenderedFeatures().map((feature) => feature.sourceLayer)),
    ]);
    for (const layer of ['region', 'road', 'village', 'relocation_site', 'move', 'facility', 'reference']) {
      expect(layers, layer).toContain(layer);
    }
    const size = await page.evaluate(() => {
      const box = globalThis.qiantuMap.getCanvas().getBoundingClientRect();
      return [box.width, box.height];
    });
    expect(size[0]).toBeGreaterThan(800);
    expect(size[1]).toBeGreaterThan(700);
    // Not one colour: something is painted, whatever the map's own bookkeeping says.
    const grid = Array.from({ length: 400 }, (_, i): [number, number] => [
      520 + (i % 20) * 35,
      80 + Math.floor(i / 20) * 38,
    ]);
    const colours = new Set((await pixels(page, grid)).map(String));
    expect(colours.size).toBeGreaterThan(20);
    expect(strays).toEqual([]);
    expect(errors).toEqual([]);
    await shot(page, 'everything-zh');
    await page.context().close();
  });

  it('says that the demo county is invented, in both languages, while it is in view', async () => {
    const { page } = await open(browser, `#/${COUNTY}/overview`);
    const regions = (await (await fetch(`${url}/api/v1/regions`)).json()) as {
      regions: { code: string; notice: string; notice_en: string }[];
    };
    const demo = regions.regions.find((region) => region.code === COUNTY);
    expect(demo?.notice).toBeTruthy();
    expect(await page.textContent('[data-testid=notice]')).toBe(demo?.notice);
    await page.click('button[lang=en]');
    expect(await page.textContent('[data-testid=notice]')).toBe(demo?.notice_en);
    await page.evaluate(() => globalThis.qiantuMap.jumpTo({ center: [0, 0], zoom: 9 }));
    await page.waitForSelector('[data-testid=notice]', { state: 'detached' });
    await page.context().close();
  });
});

describe('the panels', () => {
  for (const [lang, catalogue] of [
    ['zh-CN', zh],
    ['en', en],
  ] as const) {
    it(`each opens in ${lang}; every figure has its metric and scope, and no text is missing`, async () => {
      const { page, errors } = await open(browser, `#/${COUNTY}/overview?lang=${lang}`);
      for (const panel of PANELS) {
        if (panel !== 'overview') await page.click(`[data-panel=${panel}]`);
        await idle(page);
        expect(await page.textContent(`[data-panel=${panel}]`)).toContain(catalogue[`panel.${panel}`]);
        const figures = await page.$$eval('main [data-metric]', (all) =>
          all.map((one) => ({
            metric: one.getAttribute('data-metric'),
            scope: one.getAttribute('data-scope'),
          })),
        );
        expect(figures.length).toBeGreaterThan(5);
        for (const { metric, scope } of figures) {
          expect(metric).toMatch(/^[CMW]\d\d [a-z_0-9]+$/);
          expect(scope).toBeTruthy();
        }
        // Braces, "undefined" or a bare key would be a hole in the catalogue.
        const seen = await texts(page);
        expect(seen.filter((text) => /[{}]|undefined|NaN|\[object|^[a-z]+\.[a-z_.]+$/.test(text))).toEqual(
          [],
        );
        await shot(page, `${panel}-${lang}`);
      }
      expect(errors).toEqual([]);
      await page.context().close();
    });
  }

  it('shows the published figures', async () => {
    const { page } = await open(browser, `#/${COUNTY}/overview`);
    const rate = page.locator(`main ${COMPLETION}[data-scope="${COUNTY}"]`).first();
    expect((await rate.innerText()).replace(/\s/g, '')).toContain('45.75%366/800km');
    expect(await page.locator('main [data-metric="M13 water_unsurveyed"]').count()).toBeGreaterThan(0);
    const water = page.locator(`main [data-metric="C22 water_gap_cost"][data-scope="${COUNTY}"]`);
    expect((await water.innerText()).replace(/\s/g, '')).toContain('3.86亿元');
    await page.click('[data-panel=relocation]');
    const demolished = page.locator(`main [data-metric="M21 demolition_rate"][data-scope="${COUNTY}"]`);
    expect((await demolished.innerText()).replace(/\s/g, '')).toContain('67.37%1,664/2,470户');
    await page.context().close();
  });

  it('sorts the townships by what is asked', async () => {
    const { page } = await open(browser, `#/${COUNTY}/roads`);
    const rates = () =>
      page.$$eval('main tbody [data-metric="M02 completion_rate"]', (all) =>
        all.map((one) => Number(one.getAttribute('data-value'))),
      );
    const rate = page.getByRole('button', { name: '按完工率排序' });
    await rate.click();
    const falling = await rates();
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
    await rate.click();
    expect(await rates()).toEqual([...falling].sort((a, b) => a - b));
    expect(falling.length).toBe(27);
    await page.context().close();
  });
});

describe('from 45.75 % down to one segment', () => {
  it('takes three clicks, and a change in the database is seen on the open map', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/overview`);
    await page.click('[data-panel=roads]');
    await page.click(`main ${COMPLETION}[data-scope="${COUNTY}"] >> nth=0`);
    await page.waitForSelector('.drawer [data-evidence]');
    // A drawn segment of the task that nobody has finished: it is to be finished below.
    const row = page.locator('.drawer tr', { has: page.locator('.part[data-part=rest]') });
    const link = row.locator('[data-evidence][data-segment]').first();
    await turn(page, zh['evidence.last']);
    while ((await link.count()) === 0) await turn(page, zh['evidence.previous']);
    const segment = Number(await link.getAttribute('data-segment'));
    await link.click();
    await page.waitForSelector('[data-testid=strip]');
    await idle(page);
    const before = await drawn(page, segment);
    expect(before.points.length).toBeGreaterThan(0);
    expect(before.states.some((state) => state === 'doing' || state === 'not_started')).toBe(true);
    await shot(page, 'segment-before');

    const value = () =>
      page.getAttribute(`main ${COMPLETION}[data-scope="${COUNTY}"] >> nth=0`, 'data-value');
    expect(Number(await value())).toBeCloseTo(45.75, 10);
    const id = finish(segment);
    try {
      const started = Date.now();
      await expect
        .poll(() => drawn(page, segment).then((now) => now.states), { timeout: 30_000, interval: 50 })
        .toContain('done');
      const seconds = (Date.now() - started) / 1000;
      process.stdout.write(`recoloured ${seconds.toFixed(2)} s after psql returned\n`);
      // A second on a machine that is not busy; the tests may run beside a build.
      expect(seconds).toBeLessThan(25);
      await expect.poll(async () => Number(await value()), { timeout: 30_000 }).toBeGreaterThan(45.75);
      await idle(page);
      const colours = await pixels(page, before.points);
      const malachite = colours.filter((colour) => apart(colour, rgb(light.malachite)) < 40).length;
      expect(malachite / colours.length).toBeGreaterThan(0.5);
      await shot(page, 'segment-after');
    } finally {
      revoke(id);
    }
    await expect.poll(async () => Number(await value()), { timeout: 30_000 }).toBeCloseTo(45.75, 10);
    await expect
      .poll(() => drawn(page, segment).then((now) => now.states), { timeout: 30_000 })
      .toEqual(before.states);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

/** Turns to another page of the evidence and waits for it. */
async function turn(page: Page, button: string): Promise<void> {
  const answer = page.waitForResponse((response) => response.url().includes('/api/v1/evidence'));
  await page.locator('.drawer').getByRole('button', { name: button }).click();
  await answer;
  await page.waitForTimeout(50);
}

/** Reports the completing stage of the current programme on a whole segment; returns the event. */
function finish(segment: number): string {
  return sql(`
    insert into qiantu.progress (county, id, road, road_version, span, stage, on_date, programme, reporter)
    select s.county, gen_random_uuid(), s.road, s.road_version, s.span, p.completing_stage, r.data_date, p.id, 'browser test'
    from qiantu.road_segment s
    join qiantu.region r on r.code = s.county
    join lateral (select * from qiantu.programme where county = s.county order by starts desc, id desc limit 1) p on true
    where s.county = '${COUNTY}' and s.id = ${String(segment)}
    returning id`);
}

function revoke(id: string): void {
  sql(`insert into qiantu.progress_revocation (county, progress, reason)
       values ('${COUNTY}', '${id}', 'browser test is over')`);
}

describe('the frame', () => {
  it('puts the whole view into the address', async () => {
    const { page } = await open(
      browser,
      `#/${COUNTY}/coverage?lens=water&lang=en&theme=dark&at=11/27.1/104.7`,
    );
    expect(await page.getAttribute('[data-lens=water]', 'aria-pressed')).toBe('true');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.click('[data-legend="water:safe"]');
    const hash = await page.evaluate(() => location.hash);
    expect(hash).toContain('lens=water');
    expect(hash).toMatch(/at=11%2F27\.1/);
    expect(hash).toContain('water%3Asafe');
    await shot(page, 'coverage-water-dark');
    await page.context().close();
  });

  it('filters by the legend', async () => {
    const { page } = await open(browser, `#/${COUNTY}/roads`);
    const done = () =>
      page.evaluate(() => globalThis.qiantuMap.queryRenderedFeatures({ layers: ['road-done'] }).length);
    expect(await done()).toBeGreaterThan(0);
    await page.click('[data-legend="road:done"]');
    await expect.poll(done).toBe(0);
    await page.click('[data-legend="road:done"]');
    await expect.poll(done).toBeGreaterThan(0);
    await page.context().close();
  });

  it('finds a township by name, with the keyboard alone', async () => {
    const { page } = await open(browser, `#/${COUNTY}/overview`);
    await page.focus('input[type=search]');
    await page.keyboard.type('妈姑');
    await page.waitForSelector('[role=option]');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/township=520527102|sel=/);
    await page.context().close();
  });

  it('says when the connection is lost, and catches up', async () => {
    const { page } = await open(browser, `#/${COUNTY}/overview`);
    await page.context().setOffline(true);
    await page.waitForSelector('.warn', { timeout: 20_000 });
    await shot(page, 'offline');
    await page.context().setOffline(false);
    await page.waitForSelector('.warn', { state: 'detached', timeout: 20_000 });
    await page.context().close();
  });

  it('closes with escape, uppermost first', async () => {
    const { page } = await open(browser, `#/${COUNTY}/roads`);
    await page.click(`main ${COMPLETION}[data-scope="${COUNTY}"] >> nth=0`);
    await page.locator('.drawer [data-evidence]').first().click();
    await page.waitForSelector('[data-testid=drawer]');
    await page.keyboard.press('Escape');
    expect(await page.locator('[data-testid=drawer]').count()).toBe(0);
    expect(await page.locator('.drawer').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.locator('.drawer').count()).toBe(0);
    await page.context().close();
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe objects to, ${theme}`, async () => {
      const { page } = await open(browser, `#/${COUNTY}/overview?theme=${theme}`);
      for (const panel of PANELS) {
        if (panel !== 'overview') await page.click(`[data-panel=${panel}]`);
        if (panel === 'roads') {
          await page.click(`main ${COMPLETION}[data-scope="${COUNTY}"] >> nth=0`);
          await page.locator('.drawer [data-evidence]').first().click();
          await page.waitForSelector('[data-testid=strip]');
        }
        await idle(page);
        expect(await objections(page), panel).toEqual([]);
        await shot(page, `${panel}-${theme}`);
        if (panel === 'roads') await page.keyboard.press('Escape');
      }
      await page.context().close();
    });
  }
});

/** What axe finds, each with the elements it means. */
async function objections(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    (one) =>
      `${one.id}: ${one.nodes
        .map((node) => node.html)
        .join(' | ')
        .slice(0, 400)}`,
  );
}

describe('on a phone', () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  for (const lang of ['zh-CN', 'en']) {
    it(`stands in a sheet under the map, ${lang}`, async () => {
      const { page, errors } = await open(browser, `#/${COUNTY}/overview?lang=${lang}`, phone);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(390);
      const box = await page.locator('[data-testid=map]').boundingBox();
      expect(box?.width).toBe(390);
      expect(box?.height).toBeGreaterThan(250);
      await shot(page, `phone-overview-${lang}`);
      await page.tap('[data-panel=roads]');
      await page.tap(`main ${COMPLETION}[data-scope="${COUNTY}"] >> nth=0`);
      await page.locator('.drawer [data-evidence]').first().tap();
      await page.waitForSelector('[data-testid=strip]');
      await shot(page, `phone-strip-${lang}`);
      expect(errors).toEqual([]);
      await page.context().close();
    });
  }

  it('has nothing that axe objects to', async () => {
    const { page } = await open(browser, `#/${COUNTY}/coverage`, phone);
    expect(await objections(page)).toEqual([]);
    await page.context().close();
  });
});
