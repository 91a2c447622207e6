// Who sits before the screen: the demo's roles, signing out, a session that was
// ended elsewhere.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zh } from '../src/i18n/zh-CN';
import { COUNTY, launch, open, url } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

describe('the account', () => {
  it('is taken with one click in the demo, which is said to be one, and given back', async () => {
    const { page, errors } = await open(browser, `#/${COUNTY}/overview`);
    await page.click('[data-testid=account]');
    expect(await page.textContent('#account-panel')).toContain(zh['account.demo.note']);
    for (const role of ['bureau', 'planner', 'leader']) {
      await page.click(`[data-role=${role}]`);
      await page.waitForSelector('#account-panel', { state: 'detached' });
      const me = await page.evaluate(
        async () => (await (await fetch('/api/v1/me')).json()) as { login: string },
      );
      expect(me.login).toBe(role);
      await page.click('[data-testid=account]');
      await page.waitForSelector('[data-testid=sign-out]');
    }
    await page.click('[data-testid=sign-out]');
    await expect.poll(() => page.textContent('[data-testid=account]')).toContain(zh['account.sign_in']);
    // Focus goes back to where it came from.
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid')))
      .toBe('account');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('says what is wrong with a login, by the keyboard alone', async () => {
    const { page } = await open(browser, `#/${COUNTY}/overview`);
    await page.focus('[data-testid=account]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#account-panel');
    await page.focus('#account-panel input[name=login]');
    await page.keyboard.type('nobody');
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.textContent('#account-panel .say')).toContain(zh['sign_in.wrong']);
    expect(await page.inputValue('#account-panel input[name=password]')).toBe('');
    await page.keyboard.press('Escape');
    expect(await page.locator('#account-panel').count()).toBe(0);
    await page.context().close();
  });

  it('says when the session was ended elsewhere, and offers to sign in again', async () => {
    const { page } = await open(browser, `#/${COUNTY}/overview`);
    await page.click('[data-testid=account]');
    await page.click('[data-role=leader]');
    await page.waitForSelector('#account-panel', { state: 'detached' });
    // Another window of the same person signs out everywhere.
    const other = await fetch(`${url}/api/v1/demo/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ role: 'leader' }),
    });
    const cookie = other.headers.get('set-cookie')?.split(';')[0] ?? '';
    const ended = await fetch(`${url}/api/v1/session?all=true`, {
      method: 'DELETE',
      headers: { 'Content-Type': 'application/json', Cookie: cookie },
    });
    expect(ended.status).toBe(204);
    await page.waitForSelector('[data-testid=account] .lost', { timeout: 15_000 });
    await page.click('[data-testid=account]');
    expect(await page.textContent('#account-panel')).toContain(zh['account.lost']);
    await page.context().close();
  });

  it('has a page for the first administrator, which says what is missing', async () => {
    const { page } = await open(browser, `#/${COUNTY}/overview`);
    await page.goto(`${url}/#setup?token=abc`);
    await page.waitForSelector('.setup');
    expect(await page.inputValue('.setup input >> nth=0')).toBe('abc');
    await page.click('.setup .plain-button');
    expect(await page.textContent('.setup [role=alert]')).toBe(zh['setup.empty']);
    await page.context().close();
  });
});
