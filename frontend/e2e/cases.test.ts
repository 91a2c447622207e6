// Cases, inspections and realignment in a real browser: what they do to the
// county's figure, and how the screen says why it moved.

import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Difference, Inspection, Routes } from '../src/works/api';
import { COUNTY, idle, launch, open, shot, sql, url } from './browser';
import {
  as,
  asked,
  choose,
  COMPLETED,
  DAY,
  figure,
  finished,
  RATE,
  redraw,
  straight,
  strip,
  WAIT,
} from './cases_kit';

const DISPUTED = 'disputed_length';
/** A realignment comes after the day of the data, whose figures other tests read. */
const LATER = '2020-07-31';
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
  // A second person who may decide: nobody decides a case of his own.
  sql(grantOf(true));
});
afterAll(async () => {
  sql(grantOf(false));
  await browser.close();
});

function grantOf(given: boolean): string {
  return given
    ? `insert into qiantu."grant" ("user", role, region) select id, 'approver', '${COUNTY}' from qiantu."user" where login = 'leader'`
    : `delete from qiantu."grant" where role = 'approver' and "user" = (select id from qiantu."user" where login = 'leader')`;
}

/** Numbers of the screen's waterfall, as somebody adds them up by hand. */
async function sums(page: Page): Promise<{ before: number; steps: number[]; after: number }> {
  const text = (await page.textContent('[data-testid=why-sum]')) ?? '';
  const [left = '', right = ''] = text.replaceAll('−', '-').replaceAll(',', '').split('=');
  const parts = [...left.matchAll(/([+-]?)\s*(\d+(?:\.\d+)?)/g)].map((one) =>
    Number(`${one[1] ?? ''}${one[2] ?? ''}`),
  );
  const [before = NaN, ...steps] = parts;
  return { before, steps, after: Number(/-?\d+(\.\d+)?/.exec(right)?.[0]) };
}

const add = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);

describe('a case', () => {
  it('is opened, holds its metres out of the county, and is decided by somebody else', async () => {
    const road = await finished();
    const { page, errors } = await as(
      browser,
      'bureau',
      `#/${COUNTY}/roads?tab=cases&road=${String(road.id)}`,
    );
    const before = await figure(page);
    const disputed = await figure(page, DISPUTED);
    const completed = await figure(page, COMPLETED);
    await page.click('[data-testid=dispute-new]');
    await choose(page, 'K0+200', 'K1+000');
    await page.fill('[data-testid=dispute-reason]', 'e2e: two crews claim it');
    await page.click('[data-testid=dispute-send]');
    await page.waitForSelector('[data-dispute][data-state=open]', WAIT);
    await expect.poll(() => figure(page, DISPUTED), WAIT).toBeCloseTo(disputed + 0.8, 6);
    await expect.poll(() => figure(page, COMPLETED), WAIT).toBeCloseTo(completed - 0.8, 6);
    await expect.poll(() => figure(page), WAIT).toBeLessThan(before);
    expect((await strip(road.id)).disputed.map((one) => one.to_mm - one.from_mm)).toEqual([800_000]);
    // Who opened it is told that somebody else decides.
    await page.waitForSelector('[data-testid=dispute-party]', WAIT);
    expect(await page.locator('[data-testid=decide-form]').count()).toBe(0);
    await shot(page, 'case-open');

    const other = await as(browser, 'leader', `#/${COUNTY}/roads?tab=cases&road=${String(road.id)}`);
    await other.page.click('[data-dispute][data-state=open] .head');
    await other.page.fill('[data-testid=decide-words]', 'e2e: measured again, it stands');
    // On the day it was opened.
    expect(await other.page.inputValue('[data-testid=decide-form] input[type=date]')).toBe(DAY);
    await other.page.click('[data-testid=decide-send]');
    await other.page.waitForSelector('[data-dispute][data-state=decided]', WAIT);
    // Both screens go back to where they were.
    for (const one of [page, other.page]) {
      await expect.poll(() => figure(one), WAIT).toBeCloseTo(before, 6);
      await expect.poll(() => figure(one, DISPUTED), WAIT).toBeCloseTo(disputed, 6);
    }
    expect([...errors, ...other.errors]).toEqual([]);
    await other.page.context().close();
    await page.context().close();
  });
});

describe('an inspection', () => {
  it('that failed is seen on the strip, in the list and in the rate', async () => {
    const road = await finished();
    const { page, errors } = await as(
      browser,
      'bureau',
      `#/${COUNTY}/roads?tab=inspections&road=${String(road.id)}`,
    );
    const rate = page.locator('[data-testid=drawer] [data-metric^="M11 good_fair_rate"]').first();
    const before = Number(await rate.getAttribute('data-value'));
    await page.click('[data-testid=inspection-new]');
    await choose(page, 'K0+100', 'K0+600');
    await page.click('[data-testid=inspection-form] [data-result=fail]');
    await page.fill('[data-testid=inspection-pqi]', '55.5');
    await page.click('[data-testid=inspection-send]');
    await page.waitForSelector('[data-inspection][data-found=fail]', WAIT);
    await expect.poll(async () => Number(await rate.getAttribute('data-value')), WAIT).toBeLessThan(before);
    await page.click('[data-tab=strip]');
    await expect.poll(() => page.locator('[data-testid=strip] .inspection.fail').count(), WAIT).toBe(1);
    expect((await strip(road.id)).inspections.map((one) => [one.result, one.pqi])).toEqual([['fail', 55.5]]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('is drawn at random once, and the same seed finds the same', async () => {
    const { page } = await as(browser, 'bureau', `#/${COUNTY}/roads?tab=inspections`);
    const listed = async () =>
      (await asked<{ items: Inspection[] }>(`inspections?region=${COUNTY}`)).items
        .filter((one) => one.seed === 20201)
        .map((one) => [one.id, one.road, one.from_mm, one.to_mm]);
    const drawn = async () => {
      await page.click('[data-testid=inspection-draw]');
      await page.fill('[data-testid=draw-seed]', '20201');
      await page.click('[data-testid=draw-send]');
      await expect.poll(() => page.textContent('[data-testid=drawn]'), WAIT).toContain('20201');
      return listed();
    };
    await drawn();
    await expect.poll(async () => (await listed()).length, WAIT).toBe(5);
    const first = await listed();
    await page.reload();
    await idle(page);
    expect(await drawn()).toEqual(first);
    await page.context().close();
  });

  it('is changed with a reason that is asked for beforehand', async () => {
    const road = await finished();
    const { page, errors } = await as(
      browser,
      'bureau',
      `#/${COUNTY}/roads?tab=inspections&road=${String(road.id)}`,
    );
    const send = page.locator('[data-testid=inspection-send]');
    await page.click('[data-testid=inspection-new]');
    await choose(page, 'K0+100', 'K0+400');
    await page.click('[data-testid=inspection-form] [data-result=pass]');
    await page.fill('[data-testid=inspection-pqi]', '62');
    expect(await send.isDisabled()).toBe(true);
    await page.fill('[data-testid=inspection-note]', 'e2e: rutted, still sound');
    await send.click();
    await page.waitForSelector('[data-inspection][data-found=pass]', WAIT);
    await page.click('[data-answer]');
    // What it found stands there to be changed; why is still to be said.
    expect(await page.inputValue('[data-testid=inspection-pqi]')).toBe('62');
    await page.fill('[data-testid=inspection-pqi]', '85');
    expect(await send.isDisabled()).toBe(true);
    await page.fill('[data-testid=inspection-note]', 'e2e: measured again');
    await send.click();
    await expect
      .poll(async () => (await strip(road.id)).inspections.map((one) => [one.result, one.pqi]), WAIT)
      .toEqual([['pass', 85]]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe('a realignment', () => {
  it('by a drawn line says what it does, is stored, and explains the figure', async () => {
    const { road, corner } = await straight();
    const { page, errors } = await as(
      browser,
      'bureau',
      `#/${COUNTY}/roads?asof=${LATER}&tab=realign&road=${String(road.id)}&at=15/${String(corner[1])}/${String(corner[0])}`,
    );
    const before = await figure(page);
    await redraw(page, corner);
    await page.fill('[data-testid=realign-reason]', 'e2e: around the school');
    await page.click('[data-testid=realign-try]');
    await page.waitForSelector('[data-testid=effect], [data-testid=realign-problem]', WAIT);
    expect(await page.locator('[data-testid=realign-problem]').allTextContents()).toEqual([]);
    expect(await page.getAttribute('[data-testid=effect-completed]', 'data-reconciles')).toBe('true');
    const fates = await page
      .locator('[data-testid=effect-events] tbody tr')
      .evaluateAll((rows) => rows.map((one) => one.getAttribute('data-fate')));
    expect(fates.length).toBe((await strip(road.id, LATER)).events.length);
    expect(fates).toContain('cut');
    for (const piece of ['carried', 'retired', 'new'])
      expect(await page.locator(`[data-testid=bands] [data-piece=${piece}]`).count(), piece).toBeGreaterThan(
        0,
      );
    await shot(page, 'realign-effect');

    await page.click('[data-testid=realign-confirm]');
    await page.click('[data-testid=realign-store]');
    await page.waitForSelector('[data-testid=realign-done]', WAIT);
    await expect.poll(async () => (await strip(road.id, LATER)).road.version, WAIT).toBe(2);
    const after = await strip(road.id, LATER);
    expect(after.retired_m).toBeGreaterThan(300);
    const completed = after.completed.reduce((all, one) => all + one.to_mm - one.from_mm, 0);
    // Carried metres keep their length to the centimetre; the new ones are nobody's task yet.
    expect(Math.abs(completed / 1000 + after.retired_m - road.length_m)).toBeLessThan(10);
    await expect.poll(() => figure(page), WAIT).toBeLessThan(before);

    await page.click('[data-testid=realign-why]');
    await page.waitForSelector('[data-testid=why][data-busy=false]', { timeout: 40_000 });
    const { before: from, steps, after: to } = await sums(page);
    expect(steps.length).toBeGreaterThan(0);
    expect(from + add(steps)).toBeCloseTo(to, 9);
    expect(await page.getAttribute('[data-testid=why-sum]', 'data-adds')).toBe('true');
    expect(Number(await page.getAttribute('[data-testid=why-after]', 'data-value'))).toBeCloseTo(
      await figure(page),
      6,
    );
    const numerators = await page
      .locator('[data-testid=why] tr[data-cause]')
      .evaluateAll((rows) => rows.map((one) => Number(one.getAttribute('data-numerator'))));
    expect(add(numerators.slice(0, -1))).toBeCloseTo(numerators.at(-1) ?? NaN, 6);
    // The step opens to the road, and goes there.
    await page.click('[data-open=realignment]');
    const items = page.locator(`[data-testid=why-items] [data-item="${String(road.id)}"]`);
    await expect.poll(() => items.count(), WAIT).toBeGreaterThan(0);
    await items.first().locator('button').click();
    await page.waitForSelector('[data-testid=strip] svg', WAIT);
    expect(await page.evaluate(() => location.hash)).toContain(`road=${String(road.id)}`);
    expect((await strip(road.id)).road.version).toBe(1);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe('why a figure moved', () => {
  it('is asked from its evidence, and the screen says what the service says', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/overview`);
    await page.locator(`main [data-metric="${RATE}"]`).first().click();
    await page.click('[data-testid=what-moved]');
    await page.click('[data-preset=month]');
    await page.waitForFunction(() => document.querySelector('[data-cause=before]') !== null);
    await page.waitForSelector('[data-testid=why][data-busy=false]', { timeout: 40_000 });
    const want = await asked<Difference>(
      `difference?region=${COUNTY}&metric=${encodeURIComponent(RATE)}&scope=${COUNTY}&as_of=${DAY}&from_as_of=2020-05-30`,
    );
    await expect
      .poll(() => page.getAttribute('[data-testid=why-before]', 'data-value'), WAIT)
      .toBe(String(want.before.value));
    for (const step of want.steps)
      expect(
        Number(await page.getAttribute(`tr[data-cause=${step.cause}]`, 'data-numerator')),
        step.cause,
      ).toBe(step.numerator);
    const { before, steps, after } = await sums(page);
    expect(before + add(steps)).toBeCloseTo(after, 9);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe('the new screens', () => {
  for (const [size, options] of [
    ['desktop', { viewport: { width: 1440, height: 900 } }],
    ['phone', PHONE],
  ] as const)
    for (const lang of ['zh-CN', 'en'] as const)
      it(`are in order for everybody: ${size}, ${lang}`, async () => {
        const { items } = await asked<Routes>(`roads?region=${COUNTY}&state=done&drawn=true&limit=1`);
        const road = String(items[0]?.id);
        const { page } = await as(browser, 'bureau', `#/${COUNTY}/roads`, options);
        for (const [tab, of] of [
          ['why', ''],
          ['checks', ''],
          ['money', ''],
          ['cases', ''],
          ['inspections', ''],
          ['realign', road],
        ] as const) {
          // Each size and each language in both themes, without all eight of them.
          for (const theme of [(size === 'desktop') === (lang === 'zh-CN') ? 'light' : 'dark']) {
            await page.goto(
              `${url}/#/${COUNTY}/roads?tab=${tab}${of ? `&road=${of}` : ''}&lang=${lang}&theme=${theme}`,
            );
            await page.waitForSelector(`[data-tab=${tab}][aria-selected=true]`, WAIT);
            await page.waitForSelector(
              '[data-testid=drawer] :is(select, table, .choices, .rule, [data-dispute])',
              WAIT,
            );
            await shot(page, `tab-${tab}-${size}-${lang}-${theme}`);
            const { violations } = await new AxeBuilder({ page }).include('[data-testid=drawer]').analyze();
            expect(
              violations.map(
                (one) => `${tab} ${theme}: ${one.id} ${one.nodes.map((node) => node.html).join(' ')}`,
              ),
            ).toEqual([]);
          }
        }
        await page.context().close();
      }, 300_000);
});
