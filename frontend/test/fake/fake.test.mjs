// The stand-in must speak as the service does, or work done against it is wrong:
// the client reads its tiles over a real WebSocket.

import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { StreamClient } from '../../src/stream/client';
import { CODE } from './county.mjs';
import { startFake } from './server.mjs';

const TILE = '10/810/431';
let fake;
let client;
const stale = vi.fn();
const figures = vi.fn();

beforeAll(async () => {
  fake = await startFake();
  client = new StreamClient({
    open: () => new WebSocket(`${fake.url.replace('http', 'ws')}/ws`),
    layers: ['road'],
    center: () => [104.6, 27.1],
    frame: (run) => setTimeout(run, 0),
    handlers: { status() {}, stale, figures, revision() {}, error: vi.fn(), pending() {} },
  });
  client.watch(CODE, ['completion']);
  client.connect();
});
afterAll(() => {
  client.close();
  fake.close();
});

async function states(id) {
  const data = await client.load(TILE, new AbortController().signal);
  const { road } = new VectorTile(new PbfReader(new Uint8Array(data))).layers;
  const features = Array.from({ length: road.length }, (_, i) => road.feature(i));
  const found = features.filter((feature) => id === undefined || feature.properties.id === id);
  return found.map((feature) => [feature.properties.id, feature.properties.state]);
}

it('gives a tile with roads, and the same road in another state after a change', async () => {
  const [[id, before]] = await states();
  const after = before === 'done' ? 'planned' : 'done';
  fake.recolour(id, after);
  await vi.waitFor(() => expect(stale).toHaveBeenCalledWith(null));
  expect(await states(id)).toEqual([[id, after]]);
});

it('sends the figures that are watched', async () => {
  await vi.waitFor(() => expect(figures).toHaveBeenCalled());
  const [region, kind, report] = figures.mock.calls[0];
  expect([region, kind]).toEqual([CODE, 'completion']);
  expect(report.rows.find((row) => row.metric === 'M02 completion_rate' && row.scope === CODE).value).toBe(
    45.75,
  );
});
