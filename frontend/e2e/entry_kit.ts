// What the tests of entry share: roads that can be reported on, somebody who
// may report, what a screen shows of it, and files as bureaus send them.

import { crc32, deflateSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { parseLabel } from '../src/works/chainage';
import { along } from '../src/works/place';
import type { Replay, Routes, Span, StripData } from '../src/works/api';
import { COUNTY, open, url, type Opened } from './browser';

export const COMPLETION = 'M02 completion_rate';
export const DAY = '2020-06-30';
export const WAIT = { timeout: 20_000 };

export async function asked<T>(path: string): Promise<T> {
  const answer = await fetch(`${url}/api/v1/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
  return (await answer.json()) as T;
}

export interface Fresh extends Span {
  road: number;
  code: string;
  township: string;
  /** Such as K0+120-K0+340. */
  text: string;
}

export const label = (mm: number) =>
  `K${String(Math.floor(mm / 1e6))}+${String(Math.round((mm % 1e6) / 1000)).padStart(3, '0')}`;

const roads: Routes['items'] = [];
const used = new Set<number>();

/** An interval whose base is there and whose surface nobody has reported; every call another road. */
export async function fresh(metres = 200): Promise<Fresh> {
  if (roads.length === 0)
    roads.push(...(await asked<Routes>(`roads?region=${COUNTY}&state=doing&limit=300`)).items);
  for (const road of roads) {
    if (used.has(road.id) || !road.drawn || !road.code || !road.township) continue;
    used.add(road.id);
    const strip = await asked<StripData>(`roads/${String(road.id)}/strip?region=${COUNTY}`);
    const spans = (stage: string) => strip.stages.find((one) => one.stage === stage)?.spans ?? [];
    const starts =
      strip.marks.every((one) => parseLabel(one.label) === one.at_mm) && strip.breaks.length === 0;
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

/** An interval of a road whose task goes on where its base ends. */
export async function beyondBase(): Promise<Fresh> {
  for (;;) {
    const want = await fresh(20);
    const strip = await asked<StripData>(`roads/${String(want.road)}/strip?region=${COUNTY}`);
    const reached = Math.max(
      ...strip.stages
        .filter((one) => ['base', 'surface'].includes(one.stage))
        .flatMap((one) => one.spans.map((span) => span.to_mm)),
    );
    const from = Math.ceil(reached / 10_000) * 10_000 + 20_000;
    const to = from + 100_000;
    if (strip.scope.every((one) => one.to_mm < to)) continue;
    return { ...want, from_mm: from, to_mm: to, text: `${label(from)}-${label(to)}` };
  }
}

/** Opens the roads panel as somebody who may report. */
export async function clerk(
  browser: Browser,
  options: BrowserContextOptions = {},
  query = '',
): Promise<Opened> {
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
export async function rate(page: Page, scope: string): Promise<number> {
  const found = page.locator(`main [data-metric="${COMPLETION}"][data-scope$="${scope}"]`).first();
  return Number(await found.getAttribute('data-value'));
}

export interface Standing {
  county: number;
  township: number;
}

export async function standing(page: Page, township: string): Promise<Standing> {
  return { county: await rate(page, COUNTY), township: await rate(page, township) };
}

/** Waits until county and township stand where `reached` says. */
export async function settled(
  page: Page,
  township: string,
  reached: (now: Standing) => boolean,
): Promise<void> {
  await expect.poll(async () => reached(await standing(page, township)), WAIT).toBe(true);
}

/** The surface that the open strip draws. */
export async function surface(page: Page): Promise<Span[]> {
  return page.$$eval('[data-testid=strip] .report[data-stage=surface]', (all) =>
    all.map((one) => ({
      from_mm: Number(one.getAttribute('data-from')),
      to_mm: Number(one.getAttribute('data-to')),
    })),
  );
}

export const holds = (spans: Span[], want: Span) =>
  spans.some((one) => one.from_mm <= want.from_mm && one.to_mm >= want.to_mm);

/** The last report counted: county, ranking and strip moved; it is revoked, and they are back. */
export async function movedAndBack(
  page: Page,
  want: Fresh,
  before: Standing,
  before2 = before,
): Promise<void> {
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
export async function enter(page: Page, want: Fresh): Promise<void> {
  await page.click('[data-open=report]');
  await page.fill('[data-field=road]', want.code);
  await page.fill('[data-field=on]', DAY);
  await page.fill('[data-field=from]', want.text);
  await page.waitForSelector(`[data-testid=drawer] [data-testid=strip] svg`, WAIT);
}

export async function cookie(): Promise<string> {
  const made = await fetch(`${url}/api/v1/demo/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ role: 'bureau' }),
  });
  return (made.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

export async function post(path: string, body: unknown): Promise<void> {
  const done = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: await cookie() },
    body: JSON.stringify(body),
  });
  if (!done.ok) throw new Error(`${path}: ${String(done.status)} ${await done.text()}`);
}

export const revoke = (id: string) => post(`progress/${id}/revoke`, { region: COUNTY, reason: 'e2e' });
export const answer = (id: string, action: string) =>
  post(`submissions/${id}/answer`, { region: COUNTY, action, answer: 'e2e' });

export type Line = { from_mm: number; to_mm: number; line: [number, number][] };

export async function lineOf(road: number): Promise<Line[]> {
  const replay = await asked<Replay>(`replay?region=${COUNTY}`);
  return replay.pieces
    .filter((one) => one.road === road && (one.line?.length ?? 0) > 1)
    .map((one) => ({ from_mm: one.from_mm, to_mm: one.to_mm, line: one.line ?? [] }));
}

export function placeOn(line: Line[], mm: number): [number, number] {
  const piece = line.find((one) => one.from_mm <= mm && mm <= one.to_mm);
  const place = piece && along(piece.line, (mm - piece.from_mm) / (piece.to_mm - piece.from_mm));
  if (!place) throw new Error(`the road has no line at ${String(mm)} mm`);
  return place;
}

export const middle = (line: Line[], span: Span) => placeOn(line, (span.from_mm + span.to_mm) / 2);

/** A picture of one grey point. */
export function greyPoint(): Buffer {
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, sum]);
  };
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', Buffer.from('00000001000000010800000000', 'hex')),
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A workbook with one sheet of texts. */
export function xlsx(rows: string[][]): Buffer {
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
export function zip(files: Record<string, string>): Buffer {
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
