import { VectorTile } from '@mapbox/vector-tile';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import fc from 'fast-check';
import { PbfReader } from 'pbf';
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../src/stream/patch';

interface Thing {
  id: number;
  x: number;
  y: number;
  tags: Record<string, string | number | boolean>;
}
type World = Record<string, Thing[]>;

const thing = fc.record({
  id: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(2 ** 52 + 3)),
  x: fc.integer({ min: -64, max: 4160 }),
  y: fc.integer({ min: -64, max: 4160 }),
  tags: fc.dictionary(
    fc.constantFrom('name', 'state', 'persons', '名'),
    fc.oneof(
      fc.constantFrom('甲', 'done', '𠮷'),
      fc.integer(),
      fc.boolean(),
      fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
    ),
  ),
});
const world: fc.Arbitrary<World> = fc.record({
  road: fc.uniqueArray(thing, { selector: ({ id }) => id, maxLength: 9 }),
  village: fc.uniqueArray(thing, { selector: ({ id }) => id, maxLength: 9 }),
  move: fc.uniqueArray(thing, { selector: ({ id }) => id, maxLength: 2 }),
});

/** A tile; layers without features are left out, as the service leaves them. */
function encode(things: World): Uint8Array {
  const layers = Object.fromEntries(
    Object.entries(things)
      .filter(([, list]) => list.length > 0)
      .map(([name, list]) => [
        name,
        { features: list.map(({ id, x, y, tags }) => ({ id, type: 1, geometry: [[x, y]], tags })) },
      ]),
  );
  return fromGeojsonVt(layers as unknown as Parameters<typeof fromGeojsonVt>[0], {
    version: 2,
    extent: 4096,
  });
}

/** By layer, what each feature says, whatever their order. */
function decode(tile: ArrayBuffer | Uint8Array): Record<string, string[]> {
  const { layers } = new VectorTile(new PbfReader(tile instanceof Uint8Array ? tile : new Uint8Array(tile)));
  const out: Record<string, string[]> = {};
  for (const [name, layer] of Object.entries(layers)) {
    out[name] = [];
    for (let i = 0; i < layer.length; i++) {
      const { id, type, properties } = layer.feature(i);
      const sorted = Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));
      out[name].push(
        JSON.stringify([id, type, sorted, layer.feature(i).loadGeometry(), layer.version, layer.extent]),
      );
    }
    out[name].sort();
  }
  return out;
}

function number(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...number(Math.floor(value / 128))];
}

/** The patch from one world to another, as api/patch.go writes it. */
function patchOf(from: World, to: World): ArrayBuffer {
  const head: number[] = [];
  const coming: World = {};
  let layers = 0;
  for (const name of Object.keys(to)) {
    const [old, now] = [from[name] ?? [], to[name] ?? []];
    const same = (a: Thing) =>
      [old, now].every((list) => list.some((b) => JSON.stringify(a) === JSON.stringify(b)));
    const ids = [...new Set([...old, ...now].filter((one) => !same(one)).map(({ id }) => id))];
    if (ids.length === 0) continue;
    layers++;
    const bytes = new TextEncoder().encode(name);
    head.push(...number(bytes.length), ...bytes, ...number(ids.length), ...ids.flatMap(number));
    coming[name] = now.filter(({ id }) => ids.includes(id));
  }
  if (layers === 0) return new ArrayBuffer(0);
  return Uint8Array.from([...number(layers), ...head, ...encode(coming)]).buffer;
}

describe('a patch', () => {
  it('makes of an old tile the new one, feature for feature, one patch after the other', () => {
    fc.assert(
      fc.property(world, fc.array(world, { minLength: 1, maxLength: 4 }), (first, later) => {
        let tile: ArrayBuffer = encode(first).slice().buffer;
        let before = first;
        for (const next of later) {
          tile = applyPatch(tile, patchOf(before, next));
          expect(decode(tile)).toEqual(decode(encode(next)));
          before = next;
        }
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  it('leaves the layers that it does not speak of as they are, byte for byte', () => {
    const road = [{ id: 1, x: 1, y: 2, tags: { name: '甲' } }];
    const base = encode({ road }).slice().buffer;
    const patched = applyPatch(base, patchOf({ road, village: [] }, { road, village: road }));
    expect([...new Uint8Array(patched)].slice(0, base.byteLength)).toEqual([...new Uint8Array(base)]);
  });

  it('does not grow with what it replaced many times by the same', () => {
    const as = (state: string): World => ({ road: [{ id: 1, x: 1, y: 2, tags: { state } }] });
    let tile: ArrayBuffer = encode(as('done')).slice().buffer;
    for (let i = 0; i < 20; i++)
      tile = applyPatch(tile, patchOf(as(i % 2 ? 'doing' : 'done'), as(i % 2 ? 'done' : 'doing')));
    expect(tile.byteLength).toBeLessThan(encode(as('done')).length + 20);
  });

  it('that is cut off, or is none, is refused and nothing else', () => {
    const road = [{ id: 300, x: 1, y: 2, tags: { name: '甲', persons: 3 } }];
    const base = encode({ road }).slice().buffer;
    const patch = new Uint8Array(patchOf({ road: [] }, { road }));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          fc.nat(patch.length).map((n) => patch.slice(0, n)),
        ),
        (bytes) => {
          try {
            expect(applyPatch(base, bytes.slice().buffer).byteLength).toBeLessThan(2000);
          } catch (problem) {
            expect((problem as Error).message).toMatch(/number|bytes|field|tag/);
          }
        },
      ),
      { seed: 6 },
    );
  });
});
