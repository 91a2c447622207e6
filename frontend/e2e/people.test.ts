// Accounts: the first one on an empty store, and one that an administrator
// makes, gives a role and disables while its screen is open.

import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zh } from '../src/i18n/zh-CN';
import { launch, shot } from './browser';

const PROGRAM = process.env['QIANTU_PROGRAM'] ?? fileURLToPath(new URL('../../bin/qiantu', import.meta.url));
const ADMIN = { login: 'admin', password: 'a long enough one' };
const CLERK = { login: 'clerk', password: 'the clerk has one too' };

let browser: Browser;
let program: ChildProcess;
let folder = '';
let base = '';
let token = '';

/** What the program prints once it serves an empty store: its address and the set-up token. */
function serving(): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => {
      reject(new Error(`the program did not print address and token; it said:\n${said}`));
    }, 60_000);
    const hear = (data: Buffer) => {
      said += data.toString();
      base = /listening (http:\/\/\S+)/.exec(said)?.[1] ?? '';
      token = /with this token: (\S+)/.exec(said)?.[1] ?? '';
      if (!base || !token) return;
      clearTimeout(late);
      resolve();
    };
    program.stdout?.on('data', hear);
    program.stderr?.on('data', hear);
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qiantu-e2e-empty-'));
  chmodSync(folder, 0o711);
  const data = join(folder, 'data');
  program = spawn(PROGRAM, ['serve', '--data-dir', data, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATABASE_URL: '' },
  });
  await serving();
  browser = await launch();
}, 300_000);

afterAll(async () => {
  await browser.close();
  const gone = new Promise((resolve) => program.once('exit', resolve));
  program.kill('SIGTERM');
  await gone;
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(page: Page, { login, password }: { login: string; password: string }): Promise<void> {
  await page.click('[data-testid=account]');
  await page.fill('#account-panel input[name=login]', login);
  await page.fill('#account-panel input[name=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#account-panel', { state: 'detached' });
}

/** Hashing a password takes its time, the more on a busy machine. */
function eventually<T>(what: () => Promise<T>) {
  return expect.poll(what, { timeout: 20_000 });
}

async function fresh(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
  return context.newPage();
}

describe('an empty store', () => {
  it('gets its first administrator, who is told what to do next, and signs in again', async () => {
    const page = await fresh();
    await page.goto(`${base}/`);
    // Whoever comes first is led to the form.
    await page.click('[data-testid=account]');
    await page.click('#account-panel a[href="#setup"]');
    await page.waitForSelector('.setup');
    const fields = page.locator('.setup input');
    const give = async (values: string[]) => {
      for (const [i, value] of values.entries()) await fields.nth(i).fill(value);
      await page.click('.setup form .plain-button');
    };
    await give(['wrong', ADMIN.login, '管理员', ADMIN.password, ADMIN.password]);
    await eventually(() => page.textContent('.setup [role=alert]')).not.toBe('');
    await give([token, ADMIN.login, '管理员', ADMIN.password, 'another']);
    expect(await page.textContent('.setup [role=alert]')).toBe(zh['setup.differ']);
    await give([token, ADMIN.login, '管理员', ADMIN.password, ADMIN.password]);
    await eventually(() => page.textContent('.setup')).toContain(ADMIN.login);
    await page.click('.setup .plain-button');
    await eventually(() => page.textContent('main')).toContain(zh['state.admin']);
    await shot(page, 'admin-empty');
    // A password of one's own: the wrong old one changes nothing.
    await page.click('[data-testid=account]');
    await page.click('[data-testid=password] summary');
    const change = async (old: string, renewed: string) => {
      await page.fill('[data-testid=password] input[name=old]', old);
      await page.fill('[data-testid=password] input[name=new]', renewed);
      await page.fill('[data-testid=password] input[name=again]', renewed);
      await page.click('[data-testid=password] .plain-button');
    };
    await change('not it at all', 'something else');
    await eventually(() => page.textContent('[data-testid=password] .say')).toBe(zh['password.wrong']);
    await change(ADMIN.password, 'a newer password');
    ADMIN.password = 'a newer password';
    await eventually(() => page.textContent('[data-testid=password]')).toContain(zh['password.done']);
    await page.click('[data-testid=sign-out]');
    await page.waitForSelector('#account-panel', { state: 'detached' });
    await signIn(page, ADMIN);
    await page.click('[data-testid=to-people]');
    await page.waitForSelector('[data-account=admin]');
    await page.context().close();
  });

  it('gets a second account from the people page, whose open screen says when it is disabled', async () => {
    const page = await fresh();
    await page.goto(`${base}/`);
    await signIn(page, ADMIN);
    await page.click('[data-testid=to-people]');
    const form = page.locator('[data-testid=new-account]');
    await form.locator('input[name=login]').fill(CLERK.login);
    await form.locator('input[name=name]').fill('王文书');
    await form.locator('input[name=password]').fill(CLERK.password);
    await form.locator('button').click();
    await page.waitForSelector('[data-account=clerk][aria-expanded=true]');
    await page.fill('[data-testid=grant-region]', '*');
    await page.locator('.open select').selectOption('reporter');
    await page.getByRole('button', { name: zh['people.give'], exact: true }).click();
    await eventually(() => page.textContent('.open .grant')).toContain(zh['role.reporter']);
    await shot(page, 'people');
    // The clerk sits before another screen.
    const other = await fresh();
    await other.goto(`${base}/`);
    await signIn(other, CLERK);
    await eventually(() => other.textContent('[data-testid=account]')).toContain('王文书');
    await page.click('[data-testid=toggle-account]');
    await eventually(() => page.textContent('[data-account=clerk]')).toContain(zh['people.disabled']);
    await other.waitForSelector('[data-testid=account] .lost', { timeout: 15_000 });
    await other.click('[data-testid=account]');
    expect(await other.textContent('#account-panel')).toContain(zh['account.lost']);
    // Nor can the account sign in again until it is enabled.
    await other.fill('#account-panel input[name=login]', CLERK.login);
    await other.fill('#account-panel input[name=password]', CLERK.password);
    await other.keyboard.press('Enter');
    await eventually(() => other.textContent('#account-panel .say')).toContain(zh['sign_in.wrong']);
    await page.click('[data-testid=toggle-account]');
    await eventually(() => page.textContent('[data-account=clerk]')).not.toContain(zh['people.disabled']);
    await page.context().close();
    await other.context().close();
  });
});
