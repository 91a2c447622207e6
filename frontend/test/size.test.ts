import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const DIST = new URL('../dist/', import.meta.url).pathname;
const ASSETS = join(DIST, 'assets');
const KB = 1000;
/** All script with the map library, and what is ours of it; before compression a worker is half the library. */
const MOST = 900 * KB;
const MOST_OURS = 300 * KB;

/** Compressed bytes of the built scripts whose name begins with one of these words; all of them: nothing given. */
function bytes(...names: string[]): number {
  return readdirSync(ASSETS)
    .filter(
      (name) => name.endsWith('.js') && (names.length === 0 || names.some((one) => name.startsWith(one))),
    )
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(ASSETS, name)), { level: 9 }).length, 0);
}

// Built by `make build` and before the browser tests; a fresh checkout has nothing to weigh.
describe.skipIf(!existsSync(ASSETS))('the built scripts', () => {
  it('keep within their sizes, compressed', () => {
    const all = bytes();
    const library = bytes('maplibre');
    expect(library).toBeGreaterThan(300 * KB);
    expect(all, 'all script').toBeLessThan(MOST);
    expect(all - library, 'ours').toBeLessThan(MOST_OURS);
    process.stdout.write(
      `script ${String(Math.round(all / KB))} kB, ours ${String(Math.round((all - library) / KB))} kB\n`,
    );
  });

  it('fetch nothing from elsewhere', () => {
    const page = readFileSync(join(DIST, 'index.html'), 'utf8');
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  });
});
