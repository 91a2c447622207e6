// The screens of entry as they are seen: in both languages, light and dark, on
// a desk and on a phone.

import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, shot } from './browser';
import { clerk, enter, fresh, WAIT } from './entry_kit';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

describe('the screens of entry', () => {
  for (const [name, lang, theme, options] of [
    ['zh', 'zh-CN', 'light', {}],
    ['en-dark', 'en', 'dark', {}],
    [
      'phone-zh-dark',
      'zh-CN',
      'dark',
      { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    ],
    ['phone-en', 'en', 'light', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
  ] as const) {
    it(`have no holes and nothing that axe objects to: ${name}`, async () => {
      const want = await fresh(20);
      const { page, errors } = await clerk(browser, options, `?lang=${lang}&theme=${theme}`);
      await enter(page, want);
      await page.fill('[data-field=on]', '2031-01-01');
      await page.waitForSelector('[data-rule=R08]', WAIT);
      await page.waitForSelector('[data-send=hold]:not([disabled])', WAIT);
      await clean(page, `entry-${name}`);
      await page.click('[data-send=hold]');
      await page.waitForSelector('[data-testid=outcome][data-status=held]', WAIT);
      const id = String(await page.getAttribute('[data-testid=outcome]', 'data-id'));
      await clean(page, `entry-held-${name}`);
      await page.click('[data-tab=inbox]');
      await page.click(`[data-submission="${id}"] .line`);
      await page.waitForSelector(`[data-submission="${id}"] [data-rule=R08]`, WAIT);
      await page.click('[data-answer=start-mend]');
      await clean(page, `inbox-${name}`);
      await page.fill('[data-testid=answer-words]', 'e2e');
      await page.click('[data-answer=withdraw]');
      await page.waitForSelector('[data-testid=answered][data-done=withdrawn]', WAIT);
      await page.click('[data-testid=drawer] .close');
      await page.click('[data-open=sheet]');
      await clean(page, `sheet-empty-${name}`);
      await page.setInputFiles('[data-testid=sheet-file]', {
        name: 'weekly.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(
          `\ufeff路线编码,起止桩号,计划里程(公里),路面完成里程(公里)\n${want.code},${want.text},1.2,0.02\n${want.code},K800+000-K801+000,2,1\n合计,,3.2,5\n`,
        ),
      });
      await page.waitForSelector('[data-testid=sheet-rows] [data-row]', WAIT);
      await clean(page, `sheet-${name}`);
      expect(errors).toEqual([]);
      await page.context().close();
    });
  }
});

/** Nothing that axe objects to, no bare key, no sideways scrolling; and a picture. */
async function clean(page: Page, name: string): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  const objections = found.violations.map(
    (one) =>
      `${one.id}: ${one.nodes
        .map((node) => node.html)
        .join(' | ')
        .slice(0, 300)}`,
  );
  expect(objections).toEqual([]);
  const text = await page.innerText('[data-testid=drawer]');
  expect(
    /\{\w+\}|undefined|NaN|\[object|\b(entry|rule|sheet|track|inbox)\.[a-z_.]+/.exec(text)?.[0] ?? '',
  ).toBe('');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await shot(page, name);
}
