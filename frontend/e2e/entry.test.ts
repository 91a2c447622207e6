// A transport clerk's week in a real browser: reports typed, dragged, out of a
// spreadsheet and out of a GPS track; each moves county, ranking and strip, and
// is revoked again.

import { createHash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check, StripData } from '../src/works/api';
import { COUNTY, launch, shot } from './browser';
import {
  answer,
  asked,
  beyondBase,
  clerk,
  DAY,
  enter,
  fresh,
  greyPoint,
  lineOf,
  middle,
  movedAndBack,
  placeOn,
  revoke,
  settled,
  standing,
  WAIT,
  xlsx,
} from './entry_kit';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

describe('entering a report', () => {
  it('by typing, without the mouse; the same report sent twice counts once', async () => {
    const want = await fresh();
    const { page, errors } = await clerk(browser);
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

  it('asks which place is meant where a label is several', async () => {
    const want = await fresh();
    const { page, errors } = await clerk(browser);
    // The demo has no road whose labels come twice: what the service says of one that has.
    const places = [
      { from_mm: want.from_mm, to_mm: want.to_mm, from: 'K0+000', to: 'K0+200', of: 'K0+000 - K1+000' },
      {
        from_mm: want.from_mm + 300_000,
        to_mm: want.to_mm + 300_000,
        from: 'K0+000',
        to: 'K0+200',
        of: 'K0+000 - K2+000',
      },
    ];
    await page.route('**/api/v1/progress/check', async (route) => {
      const asked = route.request().postDataJSON() as { from_mm?: number; road?: number };
      if (asked.from_mm !== undefined || asked.road === undefined) {
        await route.fallback();
        return;
      }
      const found = (await (await route.fetch()).json()) as Check;
      const finding = {
        rule: 'R12',
        severity: 'block',
        params: { choices: 2, of: 'K0+000 - K1+000; K0+000 - K2+000' },
        from_mm: null,
        to_mm: null,
        override: '',
      };
      await route.fulfill({
        json: { ...found, status: 'held', from_mm: null, to_mm: null, findings: [finding], choices: places },
      });
    });
    await enter(page, want);
    await page.waitForSelector('[data-rule=R12]', WAIT);
    expect(await page.locator('[data-choice]').count()).toBe(2);
    // Each is shown on the strip before it is taken.
    await page.focus(`[data-choice="${String(want.from_mm)}"]`);
    await page.waitForSelector('[data-testid=chosen]', { ...WAIT, state: 'attached' });
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid=check-length]', WAIT);
    await page.waitForSelector('[data-rule=R12]', { ...WAIT, state: 'detached' });
    await page.waitForSelector('[data-send=report]:not([disabled])', WAIT);
    expect(await page.textContent('[data-testid=check-length]')).toMatch(/^200\s*m$/);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('by dragging the strip', async () => {
    const want = await fresh();
    const { page, errors } = await clerk(browser);
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
    const { page, errors } = await clerk(browser);
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
    const { page, errors } = await clerk(browser);
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

  it('lets it count with a reason, and shows evidence with its fingerprint', async () => {
    const want = await beyondBase();
    const png = greyPoint();
    const { page, errors } = await clerk(browser);
    const before = await standing(page, want.township);
    await enter(page, want);
    await page.waitForSelector('[data-rule=R04][data-severity=hold]', WAIT);
    await page.waitForSelector('[data-rule=R21]', WAIT);
    await page.setInputFiles('[data-testid=files]', { name: 'site.png', mimeType: 'image/png', buffer: png });
    await page.waitForSelector('[data-file="site.png"] [data-hash]', WAIT);
    const hash = createHash('sha256').update(png).digest('hex');
    expect(await page.getAttribute('[data-file="site.png"] [data-hash]', 'data-hash')).toBe(hash);
    await page.waitForSelector('[data-rule=R21]', { ...WAIT, state: 'detached' });
    await page.fill('[data-reason=R04]', 'e2e: the papers of the base are lost');
    await page.press('[data-reason=R04]', 'Enter');
    await page.waitForSelector('[data-testid=outcome][data-status=applied]', WAIT);
    const id = String(await page.getAttribute('[data-testid=outcome]', 'data-id'));
    await page.click('[data-tab=reports]');
    const row = page.locator(`[data-event="${id}"]`);
    await row.waitFor(WAIT);
    expect(await row.innerText()).toContain('e2e: the papers of the base are lost');
    expect(await row.locator(`[data-photo="${hash}"]`).count()).toBe(1);
    // From the list of reports it is revoked as well.
    await settled(page, want.township, (now) => now.county > before.county);
    await row.locator('[data-revoke]').click();
    await page.locator('dialog[open] [data-testid=revoke-reason]').fill('e2e');
    await page.keyboard.press('Enter');
    await settled(page, want.township, (now) => now.county === before.county);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('keeps what has no road; it is refused with words', async () => {
    const { page, errors } = await clerk(browser);
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
    const { page, errors } = await clerk(browser);
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
    const { page, errors } = await clerk(browser);
    const before = await standing(page, a.township);
    await page.click('[data-open=sheet]');
    const rows = [
      ['路线编码', '起止桩号', '工序', '完成日期', '备注'],
      // A sheet is known by its content: that of another run is another one.
      [a.code, a.text, '路面', DAY, `e2e ${String(Date.now())}`],
      [b.code, b.text, '路面', DAY, ''],
      [a.code, 'K900+000-K901+000', '路面', DAY, ''],
      ['', '', '', '', ''],
    ];
    const file = {
      name: `weekly-${String(a.road)}.xlsx`,
      mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      buffer: xlsx(rows),
    };
    await page.setInputFiles('[data-testid=sheet-file]', file);
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
    // The same file once more enters nothing.
    await page.click('[data-again]');
    await page.setInputFiles('[data-testid=sheet-file]', file);
    await page.click('[data-testid=sheet-apply]');
    await page.waitForSelector('[data-testid=sheet-done][data-repeated="3"][data-applied="0"]', WAIT);
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

  it('is matched by hand, and its rows are checked so before they are entered', async () => {
    const [a, b] = [await fresh(), await fresh()];
    const { page, errors } = await clerk(browser);
    const before = await standing(page, a.township);
    await page.click('[data-open=sheet]');
    await page.setInputFiles('[data-testid=sheet-file]', {
      name: 'by-hand.xlsx',
      mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      buffer: xlsx([
        // No usual word stands over what was done.
        ['路线编码', '起止桩号', '干到哪一步', '完成日期', '备注'],
        [a.code, a.text, '路面', DAY, `e2e ${String(Date.now())}`],
        [b.code, b.text, '路面', '', ''],
      ]),
    });
    const row = (n: number) => page.locator(`[data-testid=sheet-rows] [data-row="${String(n)}"]`);
    const checked = () =>
      page.waitForSelector('[data-testid=sheet-checking][data-stale=false]', { ...WAIT, state: 'attached' });
    await checked();
    await row(2).waitFor(WAIT);
    // A row has no day: the day of the data is proposed, and the rows are checked with it.
    const day = await page.inputValue('[data-testid=sheet-on]');
    expect(day).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(await row(3).innerText()).toContain(day);
    const states = async () => [
      await row(2).getAttribute('data-state'),
      await row(3).getAttribute('data-state'),
    ];
    expect(await states()).toEqual(['held', 'held']);
    await row(2).locator('button').click();
    await page.waitForSelector('[data-testid=sheet-row] [data-rule=R16]', WAIT);
    // The stage for all of them fills the rows, and a day that has not come holds the one without.
    await page.selectOption('[data-testid=sheet-stage]', 'surface');
    expect(await page.isDisabled('[data-testid=sheet-apply]')).toBe(true);
    await expect.poll(states, WAIT).toEqual(['ready', 'ready']);
    await page.waitForSelector('[data-testid=sheet-row] [data-rule=R16]', { ...WAIT, state: 'detached' });
    await page.fill('[data-testid=sheet-on]', '2031-01-01');
    await expect.poll(states, WAIT).toEqual(['ready', 'held']);
    await page.fill('[data-testid=sheet-on]', DAY);
    await page.selectOption('[data-testid=sheet-stage]', '');
    await expect.poll(states, WAIT).toEqual(['held', 'held']);
    // The head row moves down onto a report, and back.
    await page.fill('[data-testid=sheet-head]', '2');
    await expect.poll(() => row(2).count(), WAIT).toBe(0);
    await page.fill('[data-testid=sheet-head]', '1');
    await expect.poll(() => row(2).count(), WAIT).toBe(1);
    await page.selectOption('[data-column="3"]', 'stage');
    await expect.poll(states, WAIT).toEqual(['ready', 'ready']);
    await checked();
    expect(await page.textContent('[data-filter=ready]')).toContain('2');
    await shot(page, 'entry-sheet-by-hand-zh');
    await page.uncheck('[data-testid=sheet] input[type=checkbox]');
    await page.click('[data-testid=sheet-apply]');
    await page.waitForSelector('[data-testid=sheet-done][data-applied="2"][data-held="0"]', WAIT);
    await settled(page, a.township, (now) => now.county > before.county && now.township > before.township);
    const ids = await page.$$eval('[data-id][data-status=applied]', (all) =>
      all.map((one) => one.getAttribute('data-id') ?? ''),
    );
    expect(ids).toHaveLength(2);
    for (const id of ids) await revoke(id);
    await settled(
      page,
      a.township,
      (now) => now.county === before.county && now.township === before.township,
    );
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('whose head nobody finds is read below the row that is named', async () => {
    const want = await fresh();
    const { page, errors } = await clerk(browser);
    await page.click('[data-open=sheet]');
    await page.setInputFiles('[data-testid=sheet-file]', {
      name: 'no-head.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\ufeff甲,乙,丙\n${want.code},${want.text},路面\n`),
    });
    await page.waitForSelector('[data-testid=sheet-rows] [data-row="1"][data-state=skip]', WAIT);
    expect(await page.locator('[data-column]').count()).toBe(0);
    await page.fill('[data-testid=sheet-head]', '1');
    await page.waitForSelector('[data-column="3"]', WAIT);
    for (const [i, field] of ['code', 'interval', 'stage'].entries())
      await page.selectOption(`[data-column="${String(i + 1)}"]`, field);
    // The day is proposed, as where the service finds the head.
    await page.waitForSelector('[data-testid=sheet-rows] [data-row="2"][data-state=ready]', WAIT);
    expect(await page.inputValue('[data-testid=sheet-on]')).not.toBe('');
    // Who empties it means it.
    await page.fill('[data-testid=sheet-on]', '');
    await page.waitForSelector('[data-testid=sheet-rows] [data-row="2"][data-state=held]', WAIT);
    expect(await page.inputValue('[data-testid=sheet-on]')).toBe('');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('of two thousand rows stays quick under the hand', async () => {
    const want = await fresh(20);
    const { page } = await clerk(browser);
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
