// What the browser tests share: a Chromium of this machine, the running
// service that QIANTU_URL names, and the database behind it.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Map as Maplibre } from 'maplibre-gl';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

declare global {
  var qiantuMap: Maplibre;
}

/** The demo county. */
export const COUNTY = '520527';
/** Where pictures of the screens go that a person looks at; none are taken unless it is said: each takes a second. */
const SHOTS = process.env['QIANTU_SHOTS'];

function fromEnv(name: string, what: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; it names ${what}`);
  return value.replace(/\/$/, '');
}

export const url = fromEnv('QIANTU_URL', 'the running service, such as http://127.0.0.1:8080');

/** Runs one statement in the service's database and returns what it prints. */
export function sql(statement: string): string {
  const dsn = fromEnv('QIANTU_DSN', 'the database of that service, as doctor --json prints it');
  return execFileSync('psql', [dsn, '-v', 'ON_ERROR_STOP=1', '-Atqc', statement], {
    encoding: 'utf8',
  }).trim();
}

export async function launch(): Promise<Browser> {
  const paths = [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const executablePath = paths.find((path) => path && existsSync(path));
  if (!executablePath)
    throw new Error('no Chromium found; install the Debian package chromium or set CHROMIUM');
  if (SHOTS) mkdirSync(SHOTS, { recursive: true });
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
}

export interface Opened {
  page: Page;
  /** Errors of the page: uncaught ones, console errors, refusals of the content policy. */
  errors: string[];
  /** Addresses asked for outside the service, and tiles asked for over HTTP. */
  strays: string[];
}

/**
 * Opens a view and waits until the map has drawn it. Nothing moves for show, unless a test asks for it: a flight over a
 * county is some hundred pictures, and here a processor paints each.
 */
export async function open(
  browser: Browser,
  hash: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE.timeout);
  const page = await context.newPage();
  const errors: string[] = [];
  const strays: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => {
    const at = new URL(request.url());
    const away = at.protocol.startsWith('http') && at.origin !== new URL(url).origin;
    // Shaded relief and a service's pictures are no data of the map.
    const data = at.pathname.startsWith('/tiles/') && !/^\/tiles\/(relief|backdrop)\//.test(at.pathname);
    if (away || data) strays.push(request.url());
  });
  await page.goto(`${url}/${hash}`);
  await idle(page);
  return { page, errors, strays };
}

/** How long is waited for a picture: it takes a second, and a minute on a machine that others have to themselves. */
const PATIENCE = { timeout: 90_000 };

/** Waits until every tile is here and drawn and the panel has its figures. */
export async function idle(page: Page): Promise<void> {
  await page.waitForSelector('[data-testid=map][data-map=idle][data-pending="0"]', PATIENCE);
  await page.waitForSelector('main [data-metric], main .note', PATIENCE);
}

/** A picture of the page, where pictures are wanted. */
export async function shot(page: Page, name: string): Promise<void> {
  if (!SHOTS) return;
  // The page's own pixels: let the last frame be composed first.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

export type Rgb = [number, number, number];

/** The colours of some pixels of the page as it is seen. */
export async function pixels(page: Page, points: [number, number][]): Promise<Rgb[]> {
  const png = (await page.screenshot()).toString('base64');
  return page.evaluate(
    async ({ png, points }) => {
      const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.drawImage(image, 0, 0);
      return points.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)]);
    },
    { png, points },
  ) as Promise<Rgb[]>;
}

/** How far two colours are apart, 0 to 441. */
export function apart(a: Rgb, b: Rgb): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

export function rgb(hex: string): Rgb {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;
}

/** The states in which the map draws a segment, and points of the page that lie on it. */
export async function drawn(
  page: Page,
  segment: number,
): Promise<{ states: string[]; points: [number, number][] }> {
  return page.evaluate((wanted) => {
    const map = globalThis.qiantuMap;
    const box = map.getCanvas().getBoundingClientRect();
    const layers = ['done', 'doing', 'not_started', 'planned', 'unknown', 'existing'].map(
      (state) => `road-${state}`,
    );
    const found = map
      .queryRenderedFeatures({ layers })
      .filter(
        (feature) => feature.properties['segment'] === wanted && feature.geometry.type === 'LineString',
      );
    const points: [number, number][] = [];
    for (const feature of found) {
      if (feature.geometry.type !== 'LineString') continue;
      const line = feature.geometry.coordinates;
      for (let i = 1; i < line.length; i++) {
        const [a = [0, 0], b = [0, 0]] = [line[i - 1], line[i]];
        const at = map.project([((a[0] ?? 0) + (b[0] ?? 0)) / 2, ((a[1] ?? 0) + (b[1] ?? 0)) / 2]);
        const inside = at.x > 60 && at.y > 60 && at.x < box.width - 340 && at.y < box.height - 60;
        if (inside) points.push([Math.round(box.left + at.x), Math.round(box.top + at.y)]);
      }
    }
    return { states: [...new Set(found.map((feature) => String(feature.properties['state'])))], points };
  }, segment);
}
