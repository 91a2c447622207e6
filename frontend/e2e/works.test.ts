// The road works in a real browser: the list of routes, strip, curve, replay,
// and the way from any figure down to what it is made of.

import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../src/i18n/en';
import { zh } from '../src/i18n/zh-CN';
import type { Evidence } from '../src/api';
import type { Curve, Replay, Routes, StripData } from '../src/works/api';
import { parseLabel } from '../src/works/chainage';
import { COUNTY, idle, launch, open, shot, sql, url } from './browser';

const PANELS = ['overview', 'roads', 'coverage', 'relocation'] as const;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

async function asked<T>(path: string): Promise<T> {
  const answer = await fetch(`${url}/api/v1/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
  return (await answer.json()) as T;
}

const routes = (query: string) => asked<Routes>(`roads?region=${COUNTY}&${query}`);

async function strip(page: Page): Promise<void> {
  await page.waitForSelector('[data-testid=strip] svg');
}

describe('the list of routes', () => {
  it('is filtered, its sums follow, and the address holds it', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/roads`);
    await page.click('[data-list=routes]');
    await page.waitForSelector('[data-testid=routes] [data-road]');
    await page.selectOption('[data-testid=routes-add]', 'state');
    await page.selectOption('[data-testid=routes-value]', 'disputed');
    const want = await routes('state=disputed');
    expect(want.total).toBeGreaterThan(0);
    await expect.poll(() => page.locator('[data-testid=routes] [data-road]').count()).toBe(want.total);
    const planned = page.locator('[data-testid=routes-sums] [data-metric="C01 planned_length"]');
    expect(Number(await planned.getAttribute('data-value'))).toBeCloseTo(want.sums.planned_m / 1000, 6);
    expect(await page.evaluate(() => location.hash)).toContain('r.state=disputed');
    // Sent to somebody else it opens as it is.
    const again = await open(browser, await page.evaluate(() => location.hash));
    await expect.poll(() => again.page.locator('[data-testid=routes] [data-road]').count()).toBe(want.total);
    await again.page.context().close();
    await page.click('[data-chip=state]');
    await page.fill('[data-testid=routes-q]', 'C43');
    const found = await routes('q=C43');
    await expect
      .poll(() => page.textContent('[data-testid=routes-sums]'))
      .toContain(new Intl.NumberFormat('en-US').format(found.total));
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('sorts by what is asked, the same again turned round', async () => {
    const { page } = await open(browser, `#/${COUNTY}/roads?r.list=routes&r.state=doing`);
    const ids = () =>
      page.$$eval('[data-testid=routes] [data-road]', (all) =>
        all.map((one) => Number(one.getAttribute('data-road'))),
      );
    for (const sort of ['name', '-name']) {
      await page.click('[data-sort=name]');
      const want = (await routes(`state=doing&limit=30&sort=${sort}`)).items.map((one) => one.id);
      await expect.poll(ids).toEqual(want);
    }
    await page.context().close();
  });
});

describe('a route', () => {
  it('opens from the list, is flown to, marked, and its strip shows what the service says', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/roads?r.list=routes&r.state=done`);
    await page.waitForSelector('[data-testid=routes] [data-road]');
    const first = page.locator('[data-testid=routes] [data-road]').first();
    const id = Number(await first.getAttribute('data-road'));
    const before = await page.evaluate(() => globalThis.qiantuMap.getZoom());
    await first.click();
    await strip(page);
    const want = await asked<StripData>(`roads/${String(id)}/strip?region=${COUNTY}`);
    const drawn = await page.$$eval('[data-testid=strip] .report', (all) =>
      all.map((one) => [
        one.getAttribute('data-stage'),
        Number(one.getAttribute('data-from')),
        Number(one.getAttribute('data-to')),
        Number(one.getAttribute('data-times')),
        one.getBoundingClientRect().width,
      ]),
    );
    const spans = want.stages.flatMap(({ stage, spans }) =>
      spans.map((one) => [stage, one.from_mm, one.to_mm, one.times] as const),
    );
    expect(spans.length).toBeGreaterThan(0);
    expect(drawn.map((one) => one.slice(0, 4))).toEqual(spans.map((one) => [...one]));
    // What is drawn is as long as it says.
    const whole = await page.$eval('[data-testid=strip] .ground', (one) => one.getBoundingClientRect().width);
    for (const [i, [, from, to]] of spans.entries())
      expect(Number(drawn[i]?.[4])).toBeCloseTo(((to - from) / want.road.length_mm) * whole, -0.5);
    await idle(page);
    await expect
      .poll(() => page.evaluate(() => globalThis.qiantuMap.getZoom()), { timeout: 30_000 })
      .toBeGreaterThan(before + 1);
    const marked = () =>
      page.evaluate(() => globalThis.qiantuMap.queryRenderedFeatures({ layers: ['marked-line'] }).length);
    await expect.poll(marked).toBeGreaterThan(0);
    // Hovering moves a dot on the map.
    const board = await page.locator('[data-testid=strip] .board').boundingBox();
    if (!board) throw new Error('the strip has no place');
    await page.mouse.move(board.x + board.width * 0.6, board.y + board.height * 0.5);
    await page.waitForSelector('.tip');
    const dots = () =>
      page.evaluate(() => globalThis.qiantuMap.queryRenderedFeatures({ layers: ['drawn-dot'] }).length);
    await expect.poll(dots).toBe(1);
    // Its reports.
    await page.click('[data-tab=reports]');
    expect(await page.locator('[data-testid=reports] [data-event]').count()).toBe(want.events.length);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('has its place on the map in no task too', async () => {
    const [road] = (await routes('state=no_task&drawn=true&limit=1&sort=-length')).items;
    const { page } = await open(browser, `#/${COUNTY}/roads?tab=strip&road=${String(road?.id)}`);
    await strip(page);
    const { road: told } = await asked<StripData>(`roads/${String(road?.id)}/strip?region=${COUNTY}`);
    expect(told.line?.length).toBeGreaterThan(1);
    expect(told.name_en).toBeTruthy();
    const board = await page.locator('[data-testid=strip] .board').boundingBox();
    if (!board) throw new Error('the strip has no place');
    await page.mouse.move(board.x + board.width / 2, board.y + board.height / 2);
    const dots = () =>
      page.evaluate(() => {
        const data = globalThis.qiantuMap.queryRenderedFeatures({ layers: ['drawn-dot'] });
        return data.length;
      });
    // Zoomed to where it is, the dot is in the picture.
    const [lon, lat] = told.line?.[Math.floor(told.line.length / 2)] ?? [0, 0];
    await page.evaluate(
      ([lon, lat]) => globalThis.qiantuMap.jumpTo({ center: [lon ?? 0, lat ?? 0] }),
      [lon, lat],
    );
    await expect.poll(dots, { timeout: 30_000 }).toBe(1);
    await page.context().close();
  });

  it('is zoomed by two fingers, and what lay between them stays there', async () => {
    const { page } = await open(browser, `#/${COUNTY}/roads?r.list=routes&r.state=done`, PHONE);
    await page.locator('[data-testid=routes] [data-road]').first().tap();
    await strip(page);
    const ends = async () =>
      (await page.locator('[data-testid=strip] .tools [aria-live]').innerText())
        .split('–')
        .map((label) => parseLabel(label.trim()) ?? NaN);
    const [from = NaN, to = NaN] = await ends();
    const board = await page.locator('[data-testid=strip] .board').boundingBox();
    if (!board) throw new Error('the strip has no place');
    const y = board.y + board.height * 0.5;
    const middle = board.x + 66 + (board.width - 80) / 2;
    const cdp = await page.context().newCDPSession(page);
    const fingers = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) =>
      cdp.send('Input.dispatchTouchEvent', {
        type,
        touchPoints:
          type === 'touchEnd'
            ? []
            : [
                { x: middle - apart / 2, y, id: 1 },
                { x: middle + apart / 2, y, id: 2 },
              ],
      });
    await fingers('touchStart', 60);
    for (const apart of [80, 100, 120]) await fingers('touchMove', apart);
    await fingers('touchEnd', 0);
    await expect
      .poll(async () => ((await ends())[1] ?? 0) - ((await ends())[0] ?? 0))
      .toBeLessThan((to - from) * 0.6);
    const [a = NaN, b = NaN] = await ends();
    expect(b - a).toBeGreaterThan((to - from) * 0.4);
    expect((a + b) / 2 / ((from + to) / 2)).toBeCloseTo(1, 1);
    expect(await page.locator('[data-testid=chosen]').count()).toBe(0);
    await page.context().close();
  });

  it('has an interval chosen by dragging, or in two fields, on whole ten metres', async () => {
    const { page } = await open(browser, `#/${COUNTY}/roads?r.list=routes&r.state=done`);
    await page.locator('[data-testid=routes] [data-road]').first().click();
    await strip(page);
    const board = await page.locator('[data-testid=strip] .board').boundingBox();
    if (!board) throw new Error('the strip has no place');
    const y = board.y + board.height * 0.55;
    await page.mouse.move(board.x + board.width * 0.3, y);
    await page.mouse.down();
    await page.mouse.move(board.x + board.width * 0.5, y, { steps: 4 });
    await page.mouse.up();
    await page.waitForSelector('[data-testid=chosen]');
    const from = await page.inputValue('[data-testid=span-from]');
    expect(from).toMatch(/^K\d+\+\d\d0$/);
    await page.fill('[data-testid=span-from]', 'K0+100');
    await page.fill('[data-testid=span-to]', 'K0+300');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.textContent('.fields')).toMatch(/200\s*m/);
    await page.fill('[data-testid=span-to]', 'K999+000');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getAttribute('[data-testid=span-to]', 'aria-invalid')).toBe('true');
    // A click on an interval picks out its reports.
    await page
      .locator('[data-testid=strip] .report')
      .first()
      .click({ position: { x: 4, y: 6 }, force: true });
    await page.waitForSelector('[data-testid=reports]');
    await page.context().close();
  });
});

describe('the S-curve', () => {
  it('ends at the figure of the report', async () => {
    const { page } = await open(browser, `#/${COUNTY}/roads`);
    const figure = page.locator(`main [data-metric="C03 completed_length"][data-scope="${COUNTY}"]`).first();
    const value = Number(await figure.getAttribute('data-value'));
    await page.click('[data-open=curve]');
    const shown = page.locator('[data-testid=curve-values] [data-kind=completed]');
    await shown.waitFor();
    expect(Number(await shown.getAttribute('data-value'))).toBeCloseTo(value, 6);
    const curve = await asked<Curve>(`curve?region=${COUNTY}`);
    expect((curve.points.at(-1)?.completed_m ?? 0) / 1000).toBeCloseTo(value, 6);
    // The day before it, by the keyboard.
    await page.focus('[data-testid=curve] .board');
    await page.keyboard.press('ArrowLeft');
    const [day] = (await page.locator('[data-testid=curve-values] strong').first().innerText()).split(' ');
    expect(day).toBe('2020-06-29');
    await shot(page, 'curve');
    await page.context().close();
  });
});

describe('the replay', () => {
  it('moves the map, and says of a day what the curve says', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/roads`);
    expect(await page.locator('[data-testid=replay]').count()).toBe(0);
    await page.click('[data-open=replay]');
    await page.waitForSelector('[data-testid=replay] .now');
    const [curve, replay] = await Promise.all([
      asked<Curve>(`curve?region=${COUNTY}`),
      asked<Replay>(`replay?region=${COUNTY}`),
    ]);
    const day = curve.points[Math.floor(curve.points.length / 2)];
    if (!day) throw new Error('the curve has no points');
    const slider = page.locator('[data-testid=replay] input[type=range]');
    const set = async (date: string) => {
      await slider.fill(String(Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000)));
    };
    const km = async () => Number(await page.getAttribute('[data-testid=replay] .now', 'data-km'));
    const done = () =>
      page.evaluate(() => globalThis.qiantuMap.queryRenderedFeatures({ layers: ['replay-done'] }).length);
    await set(day.on);
    expect(await km()).toBeCloseTo(day.completed_m / 1000, 6);
    await expect.poll(done).toBeGreaterThan(0);
    const half = await done();
    await set(replay.from);
    await expect.poll(done).toBeLessThan(half);
    await set(replay.to);
    expect(await km()).toBeCloseTo((curve.points.at(-1)?.completed_m ?? 0) / 1000, 6);
    await expect.poll(done).toBeGreaterThan(half);
    expect(await page.evaluate(() => location.hash)).toContain(`day=${replay.to}`);
    // It plays, and stops when told.
    await set(replay.from);
    await page.click('[data-testid=play]');
    await expect.poll(km, { timeout: 90_000 }).toBeGreaterThan(0);
    await page.click('[data-testid=play]');
    await shot(page, 'replay');
    // The day of the figures is untouched.
    expect(await page.inputValue('[data-testid=as-of]')).toBe(replay.to);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

interface FigureOnScreen {
  metric: string;
  scope: string;
  value: number | null;
  /** What it is drawn by: two of a kind are the same component. */
  kind: string;
  /** Whether a click and the keyboard reach it. */
  opens: boolean;
}

/** What can be clicked in a panel or a drawer, every figure of it. */
function figures(page: Page): Promise<FigureOnScreen[]> {
  return page.$$eval('main [data-metric], [data-testid=drawer] [data-metric]', (all) =>
    all.map((one) => {
      const value = one.getAttribute('data-value');
      const own = [...one.classList].filter((name) => !name.startsWith('svelte-')).join('.');
      const place = one.closest('[data-testid=drawer]') ? 'drawer' : 'panel';
      return {
        metric: one.getAttribute('data-metric') ?? '',
        scope: one.getAttribute('data-scope') ?? '',
        value: value === null || value === '' ? null : Number(value),
        kind: `${place} ${one.tagName} ${own}`,
        opens: one.closest('button') !== null,
      };
    }),
  );
}

function selector({ metric, scope }: FigureOnScreen): string {
  const figure = `[data-metric="${metric}"][data-scope="${scope}"]`;
  return `main ${figure}, [data-testid=drawer] ${figure}`;
}

const WAYS: Record<string, string> = {
  road: '[data-testid=strip] svg',
  programme: '[data-testid=curve]',
  funding: '[data-programme] table',
};
const THING = '.card dl';

/** Clicks a figure, then its first part, and waits for what that part is to open. */
async function follow(page: Page, one: FigureOnScreen, layer: string): Promise<void> {
  await page.locator(selector(one)).first().click();
  if (layer === 'list') await page.locator('[data-testid=routes] [data-road]').first().click();
  else if (layer !== 'strip' && layer !== 'reports')
    await page.locator('.drawer [data-evidence]').first().click();
  if (layer === 'reports') await page.waitForSelector('[data-testid=reports] [data-event]');
  else if (layer === 'list' || layer === 'strip') await strip(page);
  else await page.waitForSelector(WAYS[layer] ?? THING);
}

/** The layer of the first part of a figure, as the drawer would show it; none: it has no parts. */
async function firstPart(one: FigureOnScreen): Promise<string> {
  const query = new URLSearchParams({ region: COUNTY, metric: one.metric, scope: one.scope, limit: '1' });
  const { total, items } = await asked<Evidence>(`evidence?${query.toString()}`);
  const [first] = items ?? [];
  if (!first) return total === 0 ? 'none' : 'lost';
  // What several things make together has no number, and nothing to open.
  return first.id === null && first.layer !== 'region' ? 'lost' : first.layer;
}

/** Where a figure leads: its own route or list on the screen, or the parts that the service has of it. */
function layerOf(one: FigureOnScreen): Promise<string> {
  if (one.scope.startsWith('roads:')) return Promise.resolve('list');
  if (!one.scope.startsWith('road:')) return firstPart(one);
  return Promise.resolve(one.kind.startsWith('drawer') ? 'reports' : 'strip');
}

describe('why it is so', () => {
  it('leads from every figure of every panel to an interval, a thing or a record in two clicks', async () => {
    // Thirty ways over the map, each painted by a processor: a small one is a third of the pixels.
    const { page, errors } = await open(browser, `#/${COUNTY}/overview`, {
      viewport: { width: 1000, height: 700 },
    });
    const go = async (screen: string) => {
      await page.goto(`${url}/#/${COUNTY}/${screen}`);
      await page.waitForSelector(
        screen.includes('tab=strip')
          ? '[data-testid=strip-sums]'
          : screen.includes('tab=')
            ? '[data-testid=drawer] [data-metric]'
            : `main[aria-label="${zh[`panel.${screen.split('?')[0] as 'roads'}`]}"] [data-metric]`,
      );
      if (screen.includes('r.list')) await page.waitForSelector('[data-testid=routes-sums]');
    };
    const [road] = (await routes('state=done&limit=1')).items;
    const screens = [
      ...PANELS,
      'coverage?lens=water',
      'coverage?lens=water&part=supply',
      'roads?r.list=routes&r.state=doing',
      'roads?tab=curve',
      'roads?tab=money',
      `roads?tab=strip&road=${String(road?.id)}`,
    ];
    const asking = new Map<string, Promise<string>>();
    const walked = new Set<string>();
    const closed: string[] = [];
    const lost: string[] = [];
    for (const screen of screens) {
      await go(screen);
      const here = await figures(page);
      closed.push(...here.filter((one) => !one.opens).map((one) => `${one.metric} of ${one.scope}`));
      const layers = await Promise.all(
        here.map((one) => {
          const key = `${one.metric} ${one.scope} ${one.kind}`;
          const layer = asking.get(key) ?? layerOf(one);
          asking.set(key, layer);
          return layer;
        }),
      );
      for (const [i, one] of here.entries()) {
        const layer = layers[i] ?? 'lost';
        // Only nothing may be made of nothing.
        if (layer === 'lost' || (layer === 'none' && (one.value ?? 0) !== 0))
          lost.push(`${one.metric} of ${one.scope} on ${screen}`);
        // The way of a component to a kind of part is gone once: it is the same for all of them.
        const way = `${one.kind} ${layer}`;
        if (layer === 'lost' || layer === 'none' || walked.has(way)) continue;
        walked.add(way);
        await go(screen);
        await follow(page, one, layer).catch((problem: unknown) => {
          throw new Error(`${one.metric} of ${one.scope} on ${screen}, to ${layer}: ${String(problem)}`);
        });
        for (let open = 0; open < 3; open++) await page.keyboard.press('Escape');
      }
    }
    expect(lost).toEqual([]);
    expect(closed).toEqual([]);
    expect(asking.size).toBeGreaterThan(200);
    const ended = new Set([...walked].map((way) => way.split(' ').at(-1)));
    for (const layer of ['road', 'village', 'region', 'funding', 'programme', 'list', 'strip', 'reports'])
      expect(ended, layer).toContain(layer);
    expect(errors).toEqual([]);
    await page.context().close();
  }, 300_000);

  it('reaches a photo of the site from a figure in three clicks', async () => {
    const id = sql("select road from qiantu.progress where evidence <> '{}' order by road limit 1");
    const { road } = await asked<StripData>(`roads/${id}/strip?region=${COUNTY}`);
    const { page, errors } = await open(browser, `#/${COUNTY}/roads`);
    await page.click(`main td [data-metric="M02 completion_rate"][data-scope="${String(road.township)}"]`);
    await page.locator(`.drawer [data-evidence="road:${id}"]`).first().click();
    await page.locator('[data-testid=drawer] [data-photo]').first().click();
    const picture = page.locator('[data-testid=photo] img');
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((one) => (one as HTMLImageElement).naturalWidth), { timeout: 30_000 })
      .toBeGreaterThan(0);
    expect(await page.textContent('[data-testid=photo]')).toMatch(/K\d+\+\d{3}/);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

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

describe('the works on the screen', () => {
  for (const [lang, catalogue, theme] of [
    ['zh-CN', zh, 'light'],
    ['en', en, 'dark'],
  ] as const) {
    it(`are whole in ${lang}, ${theme}, and axe objects to nothing`, async () => {
      const { page, errors } = await open(
        browser,
        `#/${COUNTY}/roads?r.list=routes&r.state=done&lang=${lang}&theme=${theme}`,
      );
      await page.locator('[data-testid=routes] [data-road]').first().click();
      await strip(page);
      for (const tab of ['strip', 'reports', 'curve'] as const) {
        await page.click(`[data-tab=${tab}]`);
        expect(await page.textContent(`[data-tab=${tab}]`)).toBe(catalogue[`tab.${tab}`]);
        const text = await page.evaluate(() => document.body.innerText);
        expect(/\{\w+\}|undefined|NaN|\[object/.exec(text)?.[0] ?? '').toBe('');
        expect(await objections(page), tab).toEqual([]);
        await shot(page, `works-${tab}-${lang}`);
      }
      await page.click('[data-testid=account]');
      expect(await objections(page), 'account').toEqual([]);
      await shot(page, `account-${lang}`);
      expect(errors).toEqual([]);
      await page.context().close();
    });

    it(`stand in a sheet on a phone, ${lang}`, async () => {
      const { page, errors } = await open(
        browser,
        `#/${COUNTY}/roads?r.list=routes&r.state=done&lang=${lang}`,
        PHONE,
      );
      await page.locator('[data-testid=routes] [data-road]').first().tap();
      await strip(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      await shot(page, `phone-works-${lang}`);
      await page.tap('[data-tab=curve]');
      await page.waitForSelector('[data-testid=curve]');
      await shot(page, `phone-curve-${lang}`);
      expect(await objections(page)).toEqual([]);
      expect(errors).toEqual([]);
      await page.context().close();
    });
  }
});
