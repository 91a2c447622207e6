// Printing the map: the options over the map, the sheet that comes of them, and
// what it says when it is opened.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COUNTY, launch, open, shot } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

const MADE = '[data-testid=map-print-save]';

/** Keeps the sheet that is at hand, and gives its path. */
async function keep(page: Page): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(MADE)]);
  const path = join(mkdtempSync(join(tmpdir(), 'qiantu-print-')), file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

function said(pdf: string): string {
  return execFileSync('pdftotext', [pdf, '-'], { encoding: 'utf8' });
}

describe('the printed map', () => {
  it('is what stands on the screen, asked for with the keyboard alone', async () => {
    const hash = `#/${COUNTY}/roads?asof=2020-03-31&hide=move%20water_project%20village%20road:planned`;
    const { page, errors } = await open(browser, hash, { acceptDownloads: true });
    await page.focus('[data-testid=map-print-open]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#map-print');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    await page.keyboard.type('春季进度图');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowLeft');
    expect(await page.isChecked('input[name=mapprint-paper][value=a4]')).toBe(true);
    const { violations } = await new AxeBuilder({ page }).include('#map-print').analyze();
    expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html ?? ''}`)).toEqual([]);
    await shot(page, 'print-desk-zh');
    await page.keyboard.press('Enter');
    await page.waitForSelector(MADE);
    const pdf = await keep(page);
    expect(pdf.endsWith(`qiantu-${COUNTY}-a4.pdf`)).toBe(true);
    const text = said(pdf);
    for (const word of ['春季进度图', '数据截至 2020-03-31', '已完工', '内部用图'])
      expect(text.replaceAll(/\s+/g, ' '), word).toContain(word);
    for (const word of ['全天候通到县城', '供水工程', '搬迁去向', '规划\n'])
      expect(text, word).not.toContain(word);
    // Another choice is another sheet: the old one is let go.
    await page.check('input[name=mapprint-theme][value=grey]', { force: true });
    await page.waitForSelector('[data-testid=map-print-make]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('#map-print', { state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
      'map-print-open',
    );
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('is a picture in English on a phone, of what is in view', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/overview?lang=en&theme=dark`, {
      viewport: { width: 390, height: 844 },
      acceptDownloads: true,
    });
    await page.click('[data-testid=map-print-open]');
    await page.waitForSelector('#map-print');
    for (const [name, value] of [
      ['paper', 'a4'],
      ['format', 'png'],
      ['extent', 'view'],
    ] as const)
      await page.check(`input[name=mapprint-${name}][value=${value}]`, { force: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    await shot(page, 'print-phone-en');
    await page.click('[data-testid=map-print-make]');
    await page.waitForSelector(MADE);
    const png = readFileSync(await keep(page));
    expect(png.toString('latin1', 1, 4)).toBe('PNG');
    // A4 at 300 dots to the inch, and by far not empty.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3508, 2480]);
    expect(png.length).toBeGreaterThan(200_000);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
