// The leaders' wall: it says what the service says, follows a commit, can be
// pinned to what it said, and opens by a link that opens nothing else.

import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COUNTY, launch, shot, sql, url } from './browser';

interface Wall {
  figures: { row: { value: number } | null }[];
  townships: { code: string; name: string; level: string }[];
}

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

async function wallOf(query = ''): Promise<Wall> {
  const answer = await fetch(`${url}/api/v1/wall?region=${COUNTY}${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Wall;
}

async function show(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 810 },
    locale: 'zh-CN',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  await page.goto(`${url}/${hash}`);
  return page;
}

async function stands(page: Page): Promise<void> {
  await page.waitForSelector('[data-testid=wall] tbody tr');
  await page.waitForFunction(() => globalThis.qiantuMap.loaded());
}

async function sound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html ?? ''}`)).toEqual([]);
}

const person = (page: Page, township: string) =>
  page.textContent(`[data-township="${township}"] td:nth-child(6)`);

/** Puts a township into somebody's hands, as QGIS or psql would. */
function handOver(township: string, to: string): void {
  sql(`update qiantu.duty set person = '${to}' where county = '${COUNTY}' and township = '${township}'`);
}

describe('the wall', () => {
  it('opens with W, says what the service says, follows a commit, and stands pinned while it goes on', async () => {
    const said = await wallOf();
    const first = said.townships[0];
    if (!first) throw new Error('no township has a task');
    const page = await show(`#/${COUNTY}/overview`);
    await page.waitForSelector('[data-metric="M02 completion_rate"]');
    await page.keyboard.press('w');
    await stands(page);
    const values = await page.$$eval('.figures .value', (found) =>
      found.map((one) => Number((one as HTMLElement).dataset['value'])),
    );
    expect(values).toEqual(said.figures.map((one) => one.row?.value));
    const rows = await page.$$eval('[data-township]', (found) =>
      found.map((one) => (one as HTMLElement).dataset['township']),
    );
    expect(rows).toEqual(said.townships.map((one) => one.code));
    await sound(page);

    const before = await person(page, first.code);
    await page.keyboard.press('p');
    await page.waitForSelector('[data-testid=pinned]');
    try {
      handOver(first.code, '测试接任');
      await page.waitForFunction(
        async ([address, code]) => {
          const answer = await fetch(address ?? '');
          const { townships } = (await answer.json()) as {
            townships: { code: string; holder: { person: string } | null }[];
          };
          return townships.find((one) => one.code === code)?.holder?.person === '测试接任';
        },
        [`${url}/api/v1/wall?region=${COUNTY}`, first.code],
      );
      await page.reload();
      await stands(page);
      expect(await person(page, first.code)).toBe(before);
      await shot(page, 'wall-pinned');
      await page.keyboard.press('p');
      await page.waitForFunction(
        (code) => document.querySelector(`[data-township="${code}"]`)?.textContent?.includes('测试接任'),
        first.code,
      );
    } finally {
      handOver(first.code, before ?? '');
    }
    // Live, it comes by itself.
    await page.waitForFunction(
      (code) => !document.querySelector(`[data-township="${code}"]`)?.textContent?.includes('测试接任'),
      first.code,
    );
    await page.keyboard.press('Escape');
    await page.waitForSelector('#panel');
    await page.context().close();
  });

  it('fits a 4K wall, a tablet and a phone, in both languages, light and dark', async () => {
    for (const [name, width, height, query] of [
      ['wall-4k', 3840, 2160, 'lang=zh-CN&theme=light'],
      ['wall-tablet', 1024, 768, 'lang=en&theme=dark'],
      ['wall-phone', 390, 844, 'lang=en&theme=light'],
    ] as const) {
      const page = await show(`#/${COUNTY}/wall?${query}`, { viewport: { width, height } });
      await stands(page);
      const over = await page.evaluate(() => {
        const table = document.querySelector('.table');
        return [
          document.documentElement.scrollWidth - innerWidth,
          (table?.scrollWidth ?? 0) - (table?.clientWidth ?? 0),
          innerWidth > 760 ? (table?.scrollHeight ?? 0) - (table?.clientHeight ?? 0) : 0,
        ];
      });
      expect(Math.max(...over), name).toBeLessThanOrEqual(2);
      if (width < 2000) await sound(page);
      await shot(page, name);
      await page.context().close();
    }
  });

  it('has a duty changed at its desk, and a link made that opens the wall on a screen where nobody signs in, and nothing else', async () => {
    const desk = await show(`#/${COUNTY}/desk`);
    await desk.evaluate(async () => {
      const body = JSON.stringify({ role: 'bureau' });
      await fetch('/api/v1/demo/session', {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json' },
      });
    });
    await desk.reload();
    const row = desk.locator('[data-duty]').last();
    const code = (await row.getAttribute('data-duty')) ?? '';
    try {
      await row.locator('button').click();
      await row.locator('input[name=person]').fill('测试责任人');
      await row.locator('input[name=phone]').fill('0857-5550199');
      await sound(desk);
      await row.locator('button[type=submit]').click();
      await desk.waitForFunction(() =>
        [...document.querySelectorAll('[data-duty]')].at(-1)?.textContent?.includes('测试责任人'),
      );
    } finally {
      // The last township of the demo has nobody.
      sql(`delete from qiantu.duty where county = '${COUNTY}' and township = '${code}'`);
    }
    await desk.fill('.fresh input', '大会议室');
    await desk.click('.fresh button');
    const address = await desk.inputValue('[data-testid=made-link]');
    await shot(desk, 'wall-desk');

    const hall = await show(address.slice(address.indexOf('#')));
    await stands(hall);
    expect(await hall.locator('.state button').count()).toBe(0);
    const token = new URLSearchParams(address.split('?')[1]).get('link') ?? '';
    const headers = { Authorization: `Bearer ${token}` };
    for (const path of ['report/completion', 'wall/brief', 'villages', 'duties'])
      expect((await fetch(`${url}/api/v1/${path}?region=${COUNTY}`, { headers })).status, path).toBe(404);

    await desk.click('.links button');
    await hall.waitForSelector('[role=status]', { timeout: 20_000 });
    expect(await hall.textContent('[role=status]')).toContain('收回');
    await desk.context().close();
    await hall.context().close();
  });
});
