// A transport clerk's week in a real browser: reports typed, dragged, out of a
// spreadsheet and out of a GPS track; each moves county, ranking and strip, and
// is revoked again.

import { crc32 } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLabel } from '../src/works/chainage';
import { along } from '../src/works/place';
import type { Replay, Routes, Span, StripData } from '../src/works/api';
import { COUNTY, launch, open, shot, url, type Opened } from './browser';

const COMPLETION = 'M02 completion_rate';
const DAY = '2020-06-30';
const WAIT = { timeout: 20_000 };

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

interface Fresh extends Span {
  road: number;
  code: string;
  township: string;
  /** Such as K0+120-K0+340. */
  text: string;
}

const label = (mm: number) =>
  `K${String(Math.floor(mm / 1e6))}+${String(Math.round((mm % 1e6) / 1000)).padStart(3, '0')}`;

const roads: Routes['items'] = [];
const used = new Set<number>();

/** An interval whose base is there and whose surface nobody has reported; every call another road. */
async function fresh(metres = 200): Promise<Fresh> {
  if (roads.length === 0)
    roads.push(...(await asked<Routes>(`roads?region=${COUNTY}&state=doing&limit=300`)).items);
  for (const road of roads) {
    if (used.has(road.id) || !road.drawn || !road.code || !road.township) continue;
    used.add(road.id);
    const strip = await asked<StripData>(`roads/${String(road.id)}/strip?region=${COUNTY}`);
    const spans = (stage: string) => strip.stages.find((one) => one.stage === stage)?.spans ?? [];
    const starts = strip.marks.every((one) => parseLabel(one.label) === one.at_mm) && strip.breaks.length === 0;
    if (!starts || strip.townships.length !== 1 || strip.disputed.length > 0) continue;
    for (const base of spans('base')) {
      const from = Math.max(base.from_mm, ...spans('surface').map((one) => one.to_mm), 0);
      const first = Math.ceil(from / 10_000) * 10_000;
      const to = first + metres * 1000;
      if (to > base.to_mm || to > strip.road.length_mm) continue;
      return {
        road: road.id,
        code: road.code,
        township: road.township,
        from_mm: first,
        to_mm: to,
        text: `${label(first)}-${label(to)}`,
      };
    }
  }
  throw new Error('the demo has no road left with a base and without a surface');
}

/** Opens the roads panel as somebody who may report. */
async function clerk(options: BrowserContextOptions = {}, query = ''): Promise<Opened> {
  const made = await fetch(`${url}/api/v1/demo/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ role: 'bureau' }),
  });
  expect(made.status).toBe(201);
  const [name = '', value = ''] = (made.headers.get('set-cookie') ?? '').split(';')[0]?.split('=') ?? [];
  const opened = await open(browser, `#/${COUNTY}/roads${query}`, {
    ...options,
    storageState: {
      cookies: [
        {
          name,
          value,
          domain: new URL(url).hostname,
          path: '/',
          expires: -1,
          httpOnly: true,
          secure: false,
          sameSite: 'Strict',
        },
      ],
      origins: [],
    },
  });
  await opened.page.waitForSelector('[data-open=report]', WAIT);
  return opened;
}

/** A completion rate as the screen has it, of the county or of a township in the ranking. */
async function rate(page: Page, scope: string): Promise<number> {
  const found = page.locator(`main [data-metric="${COMPLETION}"][data-scope$="${scope}"]`).first();
  return Number(await found.getAttribute('data-value'));
}

interface Standing {
  county: number;
  township: number;
}

async function standing(page: Page, township: string): Promise<Standing> {
  return { county: await rate(page, COUNTY), township: await rate(page, township) };
}

/** Waits until county and township stand where `reached` says. */
async function settled(page: Page, township: string, reached: (now: Standing) => boolean): Promise<void> {
  await expect.poll(async () => reached(await standing(page, township)), WAIT).toBe(true);
}

/** The surface that the open strip draws. */
async function surface(page: Page): Promise<Span[]> {
  return page.$$eval('[data-testid=strip] .report[data-stage=surface]', (all) =>
    all.map((one) => ({
      from_mm: Number(one.getAttribute('data-from')),
      to_mm: Number(one.getAttribute('data-to')),
    })),
  );
}

const holds = (spans: Span[], want: Span) =>
  spans.some((one) => one.from_mm <= want.from_mm && one.to_mm >= want.to_mm);

/** The last report counted: county, ranking and strip moved; it is revoked, and they are back. */
async function movedAndBack(page: Page, want: Fresh, before: Standing, before2 = before): Promise<void> {
  await page.waitForSelector('[data-testid=outcome][data-status=applied]', WAIT);
  await page.waitForSelector('[data-testid=moved]', WAIT);
  await settled(page, want.township, (now) => now.county > before.county && now.township > before.township);
  await expect.poll(async () => holds(await surface(page), want), WAIT).toBe(true);
  await page.click('[data-testid=outcome] [data-revoke]');
  await page.locator('dialog[open] [data-testid=revoke-reason]').fill('e2e');
  await page.keyboard.press('Enter');
  await settled(
    page,
    want.township,
    (now) => now.county === before2.county && now.township === before2.township,
  );
  await expect.poll(async () => holds(await surface(page), want), WAIT).toBe(false);
}

/** Opens the entry tab on a road that is typed. */
async function enter(page: Page, want: Fresh): Promise<void> {
  await page.click('[data-open=report]');
  await page.fill('[data-field=road]', want.code);
  await page.fill('[data-field=on]', DAY);
  await page.fill('[data-field=from]', want.text);
  await page.waitForSelector(`[data-testid=drawer] [data-testid=strip] svg`, WAIT);
}

describe('entering a report', () => {
  it('by typing, without the mouse; the same report sent twice counts once', async () => {
    const want = await fresh();
    const { page, errors } = await clerk();
    const before = await standing(page, want.township);
    await page.focus('[data-open=report]');
    await page.keyboard.press('Enter');
    await page.focus('[data-field=road]');
    await page.keyboard.type(want.code);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-field'))).toBe('stage');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(DAY);
    await page.keyboard.press('Tab');
    await page.keyboard.type(want.text);
    // The road was opened meanwhile; who types goes on typing.
    await page.waitForSelector('[data-testid=drawer] [data-testid=strip] svg', WAIT);
    await page.waitForSelector('[data-testid=check-length]', WAIT);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-field'))).toBe('from');
    await expect.poll(() => page.textContent('[data-testid=check-length]'), WAIT).toMatch(/^200\s*m$/);
    expect(
      await page.$$eval('[data-severity]', (all) => all.map((one) => one.getAttribute('data-severity'))),
    ).not.toContain('hold');
    // The answer is lost on its way: the report is kept, and sent again as the same.
    let ids: string[] = [];
    await page.route('**/api/v1/progress', async (route) => {
      ids.push((route.request().postDataJSON() as { id: string }).id);
      await route.fetch();
      await route.abort('connectionreset');
    });
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-resend]', WAIT);
    await page.unroute('**/api/v1/progress');
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/v1/progress'))
        ids = [...ids, (request.postDataJSON() as { id: string }).id];
    });
    await page.click('[data-resend]');
    await page.waitForSelector('[data-testid=outcome]', WAIT);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    await movedAndBack(page, want, before);
    expect(errors.filter((one) => !one.includes('ERR_CONNECTION_RESET'))).toEqual([]);
    await page.context().close();
  });

  it('by dragging the strip', async () => {
    const want = await fresh();
    const { page, errors } = await clerk();
    const before = await standing(page, want.township);
    await page.click('[data-open=report]');
    await page.fill('[data-field=road]', want.code);
    await page.fill('[data-field=from]', 'K0+000-K0+010');
    await page.waitForSelector('[data-testid=drawer] [data-testid=strip] svg', WAIT);
    const strip = await asked<StripData>(`roads/${String(want.road)}/strip?region=${COUNTY}`);
    const ground = page.locator('[data-testid=strip] .ground').first();
    await ground.scrollIntoViewIfNeeded();
    const box = await ground.boundingBox();
    if (!box) throw new Error('the strip has no ground');
    const x = (mm: number) => box.x + (mm / strip.road.length_mm) * box.width;
    await page.mouse.move(x(want.from_mm) + 1, box.y + 5);
    await page.mouse.down();
    await page.mouse.move((x(want.from_mm) + x(want.to_mm)) / 2, box.y + 8, { steps: 4 });
    await page.mouse.move(x(want.to_mm) - 1, box.y + 8, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => page.inputValue('[data-field=to]'), WAIT).toMatch(/^K\d+\+\d{3}$/);
    await expect
      .poll(async () => parseFloat((await page.textContent('[data-testid=check-length]')) ?? ''), WAIT)
      .toBeGreaterThan(100);
    await page.waitForSelector('[data-send=report]:not([disabled])', WAIT);
    const [from = '', to = ''] = [
      await page.inputValue('[data-field=from]'),
      await page.inputValue('[data-field=to]'),
    ];
    await page.focus('[data-field=from]');
    await page.keyboard.press('Enter');
    const metres = (text: string) =>
      Number(/K(\d+)/.exec(text)?.[1]) * 1e6 + Number(/\+(\d+)/.exec(text)?.[1]) * 1000;
    await movedAndBack(page, { ...want, from_mm: metres(from), to_mm: metres(to) }, before);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('by dragging along the road on the map', async () => {
    const want = await fresh(300);
    const { page, errors } = await clerk();
    const before = await standing(page, want.township);
    await enter(page, want);
    const line = await lineOf(want.road);
    await page.evaluate((center) => globalThis.qiantuMap.jumpTo({ center, zoom: 16 }), middle(line, want));
    await page.fill('[data-field=from]', '');
    await page.click('[data-testid=drag-map]');
    const ends = await page.evaluate(
      (places) => {
        const map = globalThis.qiantuMap;
        const box = map.getCanvas().getBoundingClientRect();
        return places.map((place) => {
          const at = map.project(place);
          return [box.left + at.x, box.top + at.y] as [number, number];
        });
      },
      [placeOn(line, want.from_mm + 40_000), placeOn(line, want.to_mm - 40_000)],
    );
    const [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] = ends;
    await page.mouse.move(x1, y1);
    await page.mouse.down();
    await page.mouse.move((x1 + x2) / 2, (y1 + y2) / 2, { steps: 5 });
    await page.mouse.move(x2, y2, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => page.inputValue('[data-field=from]'), WAIT).toMatch(/^K\d/);
    await expect
      .poll(async () => parseFloat((await page.textContent('[data-testid=check-length]')) ?? ''), WAIT)
      .toBeGreaterThan(150);
    await page.click('[data-testid=drag-map]');
    await page.click('[data-send=report]');
    const inner = { ...want, from_mm: want.from_mm + 60_000, to_mm: want.to_mm - 60_000 };
    await movedAndBack(page, inner, before);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('offers the reason that lets it pass, or keeps it; a held one is answered', async () => {
    const want = await fresh();
    const { page, errors } = await clerk();
    const before = await standing(page, want.township);
    await enter(page, want);
    await page.fill('[data-field=on]', '2031-01-01');
    await page.waitForSelector('[data-rule=R08]', WAIT);
    await page.focus('[data-field=on]');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-send')), WAIT)
      .toBe('hold');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid=outcome][data-status=held]', WAIT);
    const id = await page.getAttribute('[data-testid=outcome]', 'data-id');
    expect(await standing(page, want.township)).toEqual(before);
    await page.waitForSelector('[data-testid=strip] .held', { ...WAIT, state: 'attached' });
    // It is in the list, and mended there.
    await page.click('[data-open=inbox]');
    await expect
      .poll(async () => Number(await page.textContent('[data-testid=inbox-count]')), WAIT)
      .toBeGreaterThan(0);
    await page.click(`[data-submission="${String(id)}"] .line`);
    await page.waitForSelector(`[data-submission="${String(id)}"] [data-rule=R08]`, WAIT);
    expect(await page.isDisabled('[data-answer=apply]')).toBe(true);
    await page.click('[data-answer=start-mend]');
    await page.fill('[data-mend=on]', DAY);
    await page.click('[data-answer=mend]');
    await page.waitForSelector('[data-testid=answered][data-done=applied]', WAIT);
    await settled(page, want.township, (now) => now.county > before.county && now.township > before.township);
    await revoke(String(id));
    await settled(
      page,
      want.township,
      (now) => now.county === before.county && now.township === before.township,
    );
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('keeps what has no road; it is refused with words', async () => {
    const { page, errors } = await clerk();
    await page.click('[data-open=report]');
    await page.fill('[data-field=road]', 'Q999999999');
    await page.fill('[data-field=on]', DAY);
    await page.fill('[data-field=from]', 'K0+000-K0+100');
    await page.waitForSelector('[data-rule=R15][data-severity=block]', WAIT);
    await page.click('[data-send=hold]');
    await page.waitForSelector('[data-testid=outcome][data-status=held]', WAIT);
    const id = String(await page.getAttribute('[data-testid=outcome]', 'data-id'));
    await page.click('[data-open=inbox]');
    await page.click(`[data-submission="${id}"] .line`);
    expect(await page.isDisabled('[data-answer=refuse]')).toBe(true);
    await page.fill('[data-testid=answer-words]', 'e2e: no such road');
    await page.click('[data-answer=refuse]');
    await page.waitForSelector('[data-testid=answered][data-done=refused]', WAIT);
    await page.waitForSelector(`[data-submission="${id}"]`, { ...WAIT, state: 'detached' });
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe('a GPS track', () => {
  it('shows what it drove, and its interval is taken', async () => {
    const want = await fresh(300);
    const { page, errors } = await clerk();
    const before = await standing(page, want.township);
    await page.click('[data-open=report]');
    await page.fill('[data-field=on]', DAY);
    const line = await lineOf(want.road);
    const points = Array.from({ length: 31 }, (_, i) =>
      placeOn(line, want.from_mm + (i * (want.to_mm - want.from_mm)) / 30),
    );
    const gpx = `<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>${points
      .map(
        ([lon, lat], i) =>
          `<trkpt lat="${String(lat)}" lon="${String(lon)}"><time>2020-06-29T01:${String(i).padStart(2, '0')}:00Z</time></trkpt>`,
      )
      .join('')}</trkseg></trk></gpx>`;
    await page.setInputFiles('[data-testid=files]', {
      name: 'track.gpx',
      mimeType: 'application/gpx+xml',
      buffer: Buffer.from(gpx),
    });
    await page.waitForSelector(`[data-testid=track] [data-road="${String(want.road)}"] [data-take]`, WAIT);
    await page
      .locator(`[data-testid=track] [data-road="${String(want.road)}"] [data-take]`)
      .first()
      .click();
    await page.waitForSelector('[data-testid=drawer] [data-testid=strip] svg', WAIT);
    await page.waitForSelector('[data-testid=overlap]', WAIT);
    expect(
      parseFloat(((await page.textContent('[data-testid=overlap]')) ?? '').replace(/^\D+/, '')),
    ).toBeGreaterThan(95);
    const taken = [await page.inputValue('[data-field=from]'), await page.inputValue('[data-field=to]')];
    expect(taken[0]).toMatch(/^K\d/);
    await shot(page, 'entry-track-zh');
    await page.waitForSelector('[data-send=report]:not([disabled])', WAIT);
    await page.click('[data-send=report]');
    const inner = { ...want, from_mm: want.from_mm + 30_000, to_mm: want.to_mm - 30_000 };
    await movedAndBack(page, inner, before);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe('a weekly sheet', () => {
  it('is matched, checked, entered once, and revoked', async () => {
    const [a, b] = [await fresh(), await fresh()];
    const { page, errors } = await clerk();
    const before = await standing(page, a.township);
    await page.click('[data-open=sheet]');
    const rows = [
      ['路线编码', '起止桩号', '工序', '完成日期', '备注'],
      [a.code, a.text, '路面', DAY, ''],
      [b.code, b.text, '路面', DAY, ''],
      [a.code, 'K900+000-K901+000', '路面', DAY, ''],
      ['', '', '', '', ''],
    ];
    await page.setInputFiles('[data-testid=sheet-file]', {
      name: `weekly-${String(a.road)}.xlsx`,
      mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      buffer: xlsx(rows),
    });
    await page.waitForSelector('[data-testid=sheet-rows] [data-row]', WAIT);
    const states = await page.$$eval('[data-testid=sheet-rows] [data-row]', (all) =>
      all.map((one) => [Number(one.getAttribute('data-row')), one.getAttribute('data-state')]),
    );
    expect(states.slice(0, 3)).toEqual([
      [2, 'ready'],
      [3, 'ready'],
      [4, 'held'],
    ]);
    const fields = await page.$$eval('[data-column]', (all) =>
      all.map((one) => (one as HTMLSelectElement).value),
    );
    expect(fields).toEqual(['code', 'interval', 'stage', 'on', 'note']);
    await page.click('[data-filter=held]');
    await expect.poll(() => page.locator('[data-testid=sheet-rows] [data-row]').count()).toBe(1);
    await page.click('[data-testid=sheet-rows] [data-row="4"] button');
    await page.waitForSelector('[data-testid=sheet-row] [data-rule=R11]', WAIT);
    await page.click('[data-filter=all]');
    await shot(page, 'entry-sheet-zh');
    await page.click('[data-testid=sheet-apply]');
    await page.waitForSelector('[data-testid=sheet-done]', WAIT);
    const done = page.locator('[data-testid=sheet-done]');
    expect([await done.getAttribute('data-applied'), await done.getAttribute('data-held')]).toEqual([
      '2',
      '1',
    ]);
    await settled(page, a.township, (now) => now.county > before.county && now.township > before.township);
    const ids = await page.$$eval('[data-id][data-status]', (all) =>
      all.map((one) => [one.getAttribute('data-id') ?? '', one.getAttribute('data-status') ?? '']),
    );
    for (const [id = '', status] of ids) {
      if (status === 'applied') await revoke(id);
      else if (status === 'held') await answer(id, 'refuse');
    }
    await settled(
      page,
      a.township,
      (now) => now.county === before.county && now.township === before.township,
    );
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('of two thousand rows stays quick under the hand', async () => {
    const want = await fresh(20);
    const { page } = await clerk();
    await page.click('[data-open=sheet]');
    const rows = Array.from({ length: 2000 }, (_, i) =>
      [want.code, `K${String(100 + i)}+000-K${String(100 + i)}+500`, '路面', DAY].join(','),
    );
    await page.setInputFiles('[data-testid=sheet-file]', {
      name: 'long.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\ufeff路线编码,起止桩号,工序,完成日期\n${rows.join('\n')}\n`),
    });
    await page.waitForSelector('[data-testid=sheet-rows] [data-row]', WAIT);
    expect(await page.locator('[data-testid=sheet-rows] [data-row]').count()).toBeLessThan(60);
    const longest = await page.evaluate(async () => {
      const body = document.querySelector('[data-testid=sheet-rows]');
      let worst = 0;
      for (let i = 1; i <= 40; i++) {
        const from = performance.now();
        body?.scrollTo(0, (i * body.scrollHeight) / 40);
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        worst = Math.max(worst, performance.now() - from);
      }
      return worst;
    });
    expect(longest).toBeLessThan(1000);
    await expect.poll(() => page.locator('[data-testid=sheet-rows] [data-row="2001"]').count()).toBe(1);
    await page.context().close();
  });
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
      const { page, errors } = await clerk(options, `?lang=${lang}&theme=${theme}`);
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

async function cookie(): Promise<string> {
  const made = await fetch(`${url}/api/v1/demo/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ role: 'bureau' }),
  });
  return (made.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

async function post(path: string, body: unknown): Promise<void> {
  const done = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: await cookie() },
    body: JSON.stringify(body),
  });
  if (!done.ok) throw new Error(`${path}: ${String(done.status)} ${await done.text()}`);
}

const revoke = (id: string) => post(`progress/${id}/revoke`, { region: COUNTY, reason: 'e2e' });
const answer = (id: string, action: string) =>
  post(`submissions/${id}/answer`, { region: COUNTY, action, answer: 'e2e' });

type Line = { from_mm: number; to_mm: number; line: [number, number][] };

async function lineOf(road: number): Promise<Line[]> {
  const replay = await asked<Replay>(`replay?region=${COUNTY}`);
  return replay.pieces
    .filter((one) => one.road === road && (one.line?.length ?? 0) > 1)
    .map((one) => ({ from_mm: one.from_mm, to_mm: one.to_mm, line: one.line ?? [] }));
}

function placeOn(line: Line[], mm: number): [number, number] {
  const piece = line.find((one) => one.from_mm <= mm && mm <= one.to_mm);
  const place = piece && along(piece.line, (mm - piece.from_mm) / (piece.to_mm - piece.from_mm));
  if (!place) throw new Error(`the road has no line at ${String(mm)} mm`);
  return place;
}

const middle = (line: Line[], span: Span) => placeOn(line, (span.from_mm + span.to_mm) / 2);

/** A workbook with one sheet of texts. */
function xlsx(rows: string[][]): Buffer {
  const cells = rows
    .map(
      (row, r) =>
        `<row r="${String(r + 1)}">${row
          .map(
            (text, c) =>
              `<c r="${String.fromCharCode(65 + c)}${String(r + 1)}" t="inlineStr"><is><t>${text}</t></is></c>`,
          )
          .join('')}</row>`,
    )
    .join('');
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  return zip({
    '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${rel}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="${main}"><sheetData>${cells}</sheetData></worksheet>`,
  });
}

/** A zip archive whose files are stored as they are. */
function zip(files: Record<string, string>): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, body] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(body.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, body]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, tail, path]));
    locals.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, list, Buffer.from('PK\x05\x06'), end]);
}
