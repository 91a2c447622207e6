// The road works in a real browser: the list of routes, strip, curve, replay,
// and the way from any figure down to what it is made of.

import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../src/i18n/en';
import { zh } from '../src/i18n/zh-CN';
import type { Curve, Replay, Routes, StripData } from '../src/works/api';
import { COUNTY, idle, launch, open, shot, url } from './browser';

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
      .poll(() => page.evaluate(() => globalThis.qiantuMap.getZoom()), { timeout: 10_000 })
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
    await expect.poll(km, { timeout: 10_000 }).toBeGreaterThan(0);
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
  value: string | null;
}

/** Every figure that can be clicked now. */
function figures(page: Page): Promise<FigureOnScreen[]> {
  return page.$$eval('main [data-metric], [data-testid=drawer] [data-metric]', (all) =>
    all.map((one) => ({
      metric: one.getAttribute('data-metric') ?? '',
      scope: one.getAttribute('data-scope') ?? '',
      value: one.getAttribute('data-value'),
    })),
  );
}

function selector({ metric, scope }: FigureOnScreen): string {
  const figure = `[data-metric="${metric}"][data-scope="${scope}"]`;
  return `main ${figure}, [data-testid=drawer] ${figure}`;
}

/** Clicks a figure, then its first part, and says what stands open then: a strip, a card with facts, money, a curve. */
async function follow(page: Page, one: FigureOnScreen): Promise<string> {
  const figure = page.locator(selector(one)).first();
  await figure.click();
  if (one.scope.startsWith('road:')) {
    await strip(page);
    return 'interval';
  }
  if (one.scope.startsWith('roads:')) {
    // Under a filter the parts of a sum are the list itself.
    await page.locator('[data-testid=routes] [data-road]').first().click();
    await strip(page);
    return 'interval';
  }
  await page.waitForSelector('.drawer table, .drawer .list > p:not([role=status])');
  const parts = page.locator('.drawer [data-evidence]');
  if ((await parts.count()) === 0) return Number(one.value ?? 0) === 0 ? 'nothing' : 'lost';
  await parts.first().click();
  const opened = await page.waitForSelector(
    '[data-testid=strip] svg, .card dl, [data-programme] table, [data-testid=curve]',
  );
  const kind = await opened.evaluate((node) =>
    node.closest('[data-testid=strip]') ? 'interval' : node.closest('.card') ? 'thing' : 'record',
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  return kind;
}

describe('why it is so', () => {
  it('leads from every figure on every panel to an interval, a thing or a record in two clicks', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/overview`);
    const seen = new Map<string, string>();
    const screens = [
      ...PANELS.map((panel) => `#/${COUNTY}/${panel}`),
      `#/${COUNTY}/coverage?lens=water`,
      `#/${COUNTY}/roads?r.list=routes&r.state=doing`,
      `#/${COUNTY}/roads?tab=curve`,
      `#/${COUNTY}/roads?tab=money`,
    ];
    for (const screen of screens) {
      await page.goto(`${url}/${screen}`);
      await page.reload();
      await idle(page);
      if (screen.includes('r.list')) await page.waitForSelector('[data-testid=routes-sums]');
      if (screen.includes('tab=')) await page.waitForSelector('[data-testid=drawer] [data-metric]');
      for (const one of await figures(page)) {
        // Of the 27 townships one speaks for all: the way is the same.
        const kind = `${one.metric} ${/^\d{9}$/.test(one.scope) ? 'township' : one.scope.replace(/^(\w+):.*/, '$1')}`;
        if (seen.has(kind)) continue;
        // The figure before may have closed the drawer, or put the list into another order.
        if ((await page.locator(selector(one)).count()) === 0) {
          await page.goto(`${url}/${screen}`);
          await page.reload();
          await page.locator(selector(one)).first().waitFor();
        }
        const way = await follow(page, one).catch((problem: unknown) => {
          throw new Error(`${one.metric} of ${one.scope} on ${screen}: ${String(problem)}`);
        });
        seen.set(kind, way);
      }
    }
    const lost = [...seen].filter(([, way]) => way === 'lost');
    expect(lost).toEqual([]);
    expect(seen.size).toBeGreaterThan(50);
    expect([...seen.values()].filter((way) => way === 'interval').length).toBeGreaterThan(15);
    expect(errors).toEqual([]);
    await page.context().close();
  }, 600_000);
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
        await page.waitForTimeout(400);
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
