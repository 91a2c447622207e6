// The register of relocation sites and the impact of a hazard: what a site's page
// says is what the service says, and an area drawn by clicks is worked out.

import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COUNTY, idle, launch, open, shot, url } from './browser';

interface Site {
  id: number;
  name: string;
  capacity: { binding: string; most: number };
  suitability: { class: string; excluded: string[] };
  approvals: { overdue: number };
  checklist: { step: string; days_late: number }[];
  factors: { name: string }[];
}

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(`${url}/api/v1/${path}${path.includes('?') ? '&' : '?'}region=${COUNTY}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

async function sound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('main').analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html ?? ''}`)).toEqual([]);
}

/** Picks a site of the list, and waits for its page. */
async function pick(page: Page, id: number): Promise<void> {
  await page.click(`[data-site="${String(id)}"]`);
  await page.waitForSelector(`[data-record="${String(id)}"]`);
}

describe('the register of sites', () => {
  it('opens a site to its room, scores, papers and dwellings, and goes back', async () => {
    const { items } = await ask<{ items: Site[] }>('sites');
    const excluded = items.find((one) => one.suitability.excluded.length > 0);
    const late = items.find((one) => one.approvals.overdue > 0);
    if (!excluded || !late) throw new Error('the demo has no excluded site, or none with late papers');
    const { page, errors } = await open(browser, `#/${COUNTY}/relocation`);
    await page.waitForSelector('[data-testid=register] [data-site]');
    expect(await page.locator('[data-site]').count()).toBe(items.length);
    await shot(page, 'site-list');

    await pick(page, excluded.id);
    expect(await page.textContent('[data-testid=suitability] strong')).toBe('不适宜');
    expect(await page.locator('[data-testid=exclusions] li.yes').count()).toBe(1);
    const whole = await ask<Site>(`site/${String(excluded.id)}`);
    expect(await page.locator('[data-testid=factors] li').count()).toBe(whole.factors.length);
    expect(await page.getAttribute('[data-testid=capacity]', 'data-value')).toBe(String(whole.capacity.most));
    expect(await page.locator('.limits .least').count()).toBe(1);
    await sound(page);
    await shot(page, 'site-record');
    await page.click('[data-testid=register-back]');

    await pick(page, late.id);
    const record = await ask<Site>(`site/${String(late.id)}`);
    const first = record.checklist[0];
    expect(first?.days_late).toBeGreaterThan(0);
    expect(await page.getAttribute('[data-testid=checklist] li >> nth=0', 'data-step')).toBe(first?.step);
    await page.locator('[data-testid=checklist]').scrollIntoViewIfNeeded();
    await shot(page, 'site-checklist');
    await page.locator('[data-testid=funnel]').scrollIntoViewIfNeeded();
    await shot(page, 'site-dwellings');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('fits a telephone, in English', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/relocation?lang=en`, {
      viewport: { width: 390, height: 844 },
      locale: 'en',
      hasTouch: true,
    });
    await page.keyboard.press('Tab');
    await page.click('.handle');
    await page.waitForSelector('[data-testid=register] [data-site]');
    await page.locator('[data-site] >> nth=2').scrollIntoViewIfNeeded();
    await shot(page, 'site-list-phone');
    await page.locator('[data-site] >> nth=0').click();
    await page.waitForSelector('[data-record]');
    await page.locator('[data-testid=factors]').scrollIntoViewIfNeeded();
    const wide = await page.evaluate(() => document.querySelector('main .scroll')?.scrollWidth ?? 0);
    expect(wide).toBeLessThanOrEqual(390);
    await shot(page, 'site-record-phone');
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe('the impact of a hazard', () => {
  it('tells what one on record and one drawn by clicks hit', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/relocation`);
    const choose = page.locator('[data-testid=impact-choose]');
    await choose.scrollIntoViewIfNeeded();
    await expect.poll(() => choose.locator('option').count(), { timeout: 30_000 }).toBeGreaterThan(5);
    const stored = (await choose.locator('option >> nth=1').getAttribute('value')) ?? '';
    await choose.selectOption(stored);
    await page.waitForSelector('[data-hits=broken]');
    const found = await ask<{ villages: unknown[]; roads: unknown[] }>(`hazard/impact?reference=${stored}`);
    expect(await page.getAttribute('[data-hits=villages]', 'data-value')).toBe(String(found.villages.length));
    expect(await page.getAttribute('[data-hits=roads]', 'data-value')).toBe(String(found.roads.length));

    // An area around a site: everyone who moves there is named first.
    const { items } = await ask<{ items: (Site & { center: [number, number] })[] }>('sites');
    const [site] = items;
    if (!site) throw new Error('no site');
    await page.evaluate(([lon, lat]) => {
      globalThis.qiantuMap.jumpTo({ center: [lon, lat], zoom: 14 });
    }, site.center);
    await idle(page);
    await page.click('[data-testid=impact-draw]');
    expect(await page.locator('[data-testid=impact-done]').isDisabled()).toBe(true);
    const box = await page.locator('.maplibregl-canvas').boundingBox();
    if (!box) throw new Error('no map');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    for (const [dx, dy] of [
      [-170, -110],
      [150, -120],
      [160, 130],
      [-150, 120],
    ] as const)
      await page.mouse.click(x + dx, y + dy);
    await page.click('[data-testid=impact-done]');
    await page.waitForSelector('[data-hits=sites][data-value="1"]');
    expect(Number(await page.getAttribute('[data-hits=broken]', 'data-value'))).toBeGreaterThan(0);
    await page.locator('[data-hits=broken]').scrollIntoViewIfNeeded();
    await sound(page);
    await shot(page, 'site-impact');
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
