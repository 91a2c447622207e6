// Two planners in one scenario: each sees the other's edits with who did them;
// what is compared, rebased, merged; and from submission to the plan.

import { createHash, randomBytes } from 'node:crypto';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COUNTY, launch, open, shot, sql, url } from './browser';

const PANEL = `#/${COUNTY}/scenarios`;
const PHONE = { width: 390, height: 844 };

let browser: Browser;
/** Pieces of road that the demo has, from north to south. */
let segments: string[] = [];
const tokens: Record<string, string> = {};

/** A session of somebody with a role of his own: two people at once need two accounts. */
function account(login: string, role: string): void {
  const token = randomBytes(32);
  const digest = createHash('sha256').update(token).digest('hex');
  sql(`
    insert into qiantu."user" (login, name) values ('${login}', '${login}') on conflict do nothing;
    insert into qiantu."grant" ("user", role, region)
      select id, '${role}', '${COUNTY}' from qiantu."user" where login = '${login}' on conflict do nothing;
    insert into qiantu.session (token, "user", expires_at)
      select '\\x${digest}', id, now() + interval '1 hour' from qiantu."user" where login = '${login}'`);
  tokens[login] = token.toString('base64url');
}

async function as(
  login: string,
  hash: string,
  options: { viewport?: typeof PHONE; locale?: string } = {},
): Promise<{ page: Page; errors: string[] }> {
  const storageState = {
    cookies: [
      {
        name: 'qiantu_session',
        value: tokens[login] ?? '',
        domain: new URL(url).hostname,
        path: '/',
        expires: -1,
        httpOnly: true,
        secure: false,
        sameSite: 'Strict' as const,
      },
    ],
    origins: [],
  };
  return open(browser, hash, { ...options, storageState });
}

async function send<T>(login: string, path: string, body: object): Promise<T> {
  const answer = await fetch(`${url}/api/v1/scenarios${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: `qiantu_session=${tokens[login] ?? ''}` },
    body: JSON.stringify({ region: COUNTY, ...body }),
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

interface Wrote {
  scenario: { id: number; version: number; edits: { id: number }[] };
}

const version = (page: Page) => page.getAttribute('[data-testid=scenario]', 'data-version');

let mine: Page;
let theirs: Page;
let errors: string[] = [];

/** Opens a view on a page that is there: a map drawn anew takes seconds. */
async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => (location.hash = to), hash);
}

/** Begins a scenario over HTTP and opens it. */
async function begin(page: Page, name: string, edits: string): Promise<Wrote['scenario']> {
  const { scenario } = await send<Wrote>('li', '', { name, edits });
  await go(page, `${PANEL}?scenario=${String(scenario.id)}`);
  const n = String(edits.split(',').length);
  await page.waitForSelector(`[data-testid=scenario][data-id="${String(scenario.id)}"]`);
  await page.waitForSelector(`[data-testid=edits][data-count="${n}"]`);
  return scenario;
}

const count = (page: Page) => page.getAttribute('[data-testid=edits]', 'data-count');

beforeAll(async () => {
  browser = await launch();
  account('li', 'planner');
  account('wang', 'planner');
  account('chen', 'approver');
  segments = sql(
    `select id from qiantu.road_segment where county = '${COUNTY}' and built = 'built' and all_season = 'yes'
     order by ST_YMax(geom) desc, id limit 4`,
  ).split('\n');
  const opened = [
    await as('li', `${PANEL}?edits=close:segment:${segments[0] ?? ''}`),
    await as('wang', PANEL),
  ] as const;
  [mine, theirs] = [opened[0].page, opened[1].page];
  errors = [];
  for (const page of [mine, theirs]) page.on('pageerror', (error) => errors.push(error.message));
}, 180_000);
afterAll(async () => {
  await browser.close();
});

describe('a scenario', () => {
  it('is begun from what is asked; another planner sees it, and each edit within a second with who made it', async () => {
    const [first = '', second = ''] = segments;
    await mine.fill('[data-testid=new-name]', '北路不修');
    await mine.click('[data-testid=new-scenario]');
    await mine.waitForSelector(`[data-edit="close:segment:${first}"]`);
    const row = theirs.locator('[data-scenario]', { hasText: '北路不修' });
    await row.waitFor();
    await row.locator('button.open').click();
    await theirs.waitForSelector(`[data-edit="close:segment:${first}"] .who >> text=li`);

    const id = Number(await mine.getAttribute('[data-testid=scenario]', 'data-id'));
    const stands = Number(await version(mine));
    const began = Date.now();
    await send('wang', `/${String(id)}/edits`, { version: stands, add: `close:segment:${second}` });
    await mine.waitForSelector('[data-testid=heard][data-by=wang]');
    await mine.waitForSelector(`[data-edit="close:segment:${second}"].fresh`);
    expect(Date.now() - began).toBeLessThan(3000); // a second, and two processors for two browsers
    await shot(mine, 'scenario-heard');
    expect(await theirs.locator('[data-testid=heard]').count()).toBe(0);

    // Taken back, and that is kept.
    await mine.click(`[data-edit="close:segment:${second}"] .undo`);
    await mine.waitForSelector('[data-testid=undone]');
    await expect.poll(() => count(theirs)).toBe('1');
  });

  it('tells who came second what stands, and does it on top when told to', async () => {
    const [first = '', , third = ''] = segments;
    const scenario = await begin(mine, '同时改', `close:segment:${first}`);
    // What the page sends is held up until somebody else was quicker.
    let quicker: () => void = () => undefined;
    const wasFirst = new Promise<void>((done) => (quicker = done));
    await mine.route(
      '**/scenarios/*/edits',
      async (route) => {
        await wasFirst;
        await route.continue();
      },
      { times: 1 },
    );
    await mine.click(`[data-edit="close:segment:${first}"] .undo`);
    await send('wang', `/${String(scenario.id)}/edits`, {
      version: scenario.version,
      add: `close:segment:${third}`,
    });
    quicker();
    await mine.waitForSelector('[data-testid=refused]');
    await mine.waitForSelector(`[data-edit="close:segment:${third}"]`);
    await shot(mine, 'scenario-second');
    await mine.click('[data-testid=again]');
    await mine.waitForSelector(`[data-edit="close:segment:${first}"] .undo`, { state: 'detached' });
    await expect.poll(() => count(mine)).toBe('1');
  });

  it('lists what changed under it and is rebased only when each is answered', async () => {
    const [first = '', second = ''] = segments;
    await begin(mine, '换县情', `close:segment:${first},close:segment:${second}`);
    sql(`update qiantu.road_segment set surface = 'gravel' where county = '${COUNTY}' and id = ${second}`);
    await mine.waitForSelector('[data-testid=base]:not([data-behind="0"])');
    await mine.click('[data-testid=rebase]');
    await mine.waitForSelector('.conflict[data-kind=changed]');
    expect(await mine.locator('.conflict').count()).toBe(1);
    expect(await mine.isDisabled('[data-testid=rebase-go]')).toBe(true);
    await mine.click('.conflict [data-keep=false]');
    await shot(mine, 'scenario-conflicts');
    await mine.click('[data-testid=rebase-go]');
    await mine.waitForSelector('[data-testid=base][data-behind="0"]');
    expect(await count(mine)).toBe('1');
  });

  it('is held beside the county as it is: table of differences and two maps', async () => {
    await begin(
      mine,
      '断两段',
      segments
        .slice(0, 2)
        .map((id) => `close:segment:${id}`)
        .join(','),
    );
    await mine.click('[data-testid=beside]');
    await mine.waitForSelector('[data-testid=comparison][data-sides="2"] [data-row=money]');
    await mine.waitForSelector('[data-testid=compared][data-pending="0"]');
    expect(await mine.textContent('[data-testid=left-name]')).toBe('现状');
    await shot(mine, 'scenario-table');
    const axe = await new AxeBuilder({ page: mine }).include('main').analyze();
    expect(axe.violations.map((one) => `${one.id}: ${one.nodes[0]?.html ?? ''}`)).toEqual([]);
    await mine.click('[data-testid=table-close]');
    await mine.waitForSelector('[data-testid=scenario]');
  });

  it('is merged in part, submitted, and approved by who has not changed it', async () => {
    const [first = '', second = ''] = segments;
    const into = await send<Wrote>('li', '', { name: '主方案', edits: `close:segment:${first}` });
    await begin(mine, '分头试', `build:segment:${second}`);
    await mine.check('[data-testid=edits] input[type=checkbox]');
    await mine.selectOption('[data-testid=merge] select', String(into.scenario.id));
    await mine.click('[data-testid=merge-go]');
    await mine.waitForSelector(`[data-testid=scenario][data-id="${String(into.scenario.id)}"]`);
    await mine.waitForSelector('[data-testid=edits][data-count="2"]');
    await mine.click('[data-testid=submit]');
    await mine.waitForSelector('[data-testid=scenario][data-status=submitted]');
    expect(await mine.locator('[data-testid=approve]').count()).toBe(0);

    const answer = await as('chen', `${PANEL}?scenario=${String(into.scenario.id)}`, { viewport: PHONE });
    await answer.page.click('[data-testid=approve]');
    await answer.page.waitForSelector('[data-testid=scenario][data-status=approved]');
    await answer.page.context().close();
    await mine.waitForSelector('[data-testid=scenario][data-status=approved]');
    await mine.click('[data-testid=back]');
    await mine.waitForSelector('[data-testid=in-force] >> text=主方案');
    await shot(mine, 'scenario-list');
    expect(errors).toEqual([]);
  });

  it('fits a phone, in English too', async () => {
    await theirs.setViewportSize(PHONE);
    await go(theirs, `${PANEL}?lang=en`);
    await theirs.waitForSelector('[data-testid=scenarios]');
    await shot(theirs, 'scenario-phone-list-en');
    await theirs.locator('[data-scenario] button.open').first().click();
    await theirs.waitForSelector('[data-testid=edits]');
    const wide = await theirs.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(PHONE.width);
    await shot(theirs, 'scenario-phone-en');
    expect(errors).toEqual([]);
  });
});
