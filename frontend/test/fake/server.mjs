// A stand-in for the service: speaks docs/stream.md and docs/api.md with the
// invented county and serves dist/. `node test/fake/server.mjs [port]`.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { GeoJSONVT } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import { WebSocketServer } from 'ws';
import { children, CODE, layers, region, report } from './county.mjs';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const CSP =
  "default-src 'self'; img-src 'self' data: blob:; worker-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export function startFake(port = 0) {
  const features = layers();
  let revision = 7;
  const indexes = () =>
    Object.fromEntries(
      Object.entries(features).map(([name, list]) => [
        name,
        new GeoJSONVT(
          { type: 'FeatureCollection', features: list },
          { maxZoom: 14, indexMaxZoom: 6, buffer: 128 },
        ),
      ]),
    );
  let index = indexes();

  function frame(key, seq) {
    const [z, x, y] = key.split('/').map(Number);
    const held = {};
    for (const [name, one] of Object.entries(index)) {
      const tile = one.getTile(z, x, y);
      if (tile) held[name] = tile;
    }
    const empty = Object.keys(held).length === 0;
    const body = empty ? Buffer.alloc(0) : gzipSync(fromGeojsonVt(held, { version: 2, extent: 4096 }));
    const head = Buffer.alloc(25);
    head.write('QT');
    head[2] = 1;
    head[3] = empty ? 2 : 1;
    head[4] = z;
    head.writeUInt32BE(x, 5);
    head.writeUInt32BE(y, 9);
    head.writeBigUInt64BE(BigInt(revision), 13);
    head.writeUInt32BE(seq, 21);
    return Buffer.concat([head, body]);
  }

  function answer(url) {
    const path = url.pathname.replace('/api/v1/', '');
    const scope = url.searchParams.get('scope') ?? CODE;
    if (path === 'regions') return { regions: [region] };
    if (path.startsWith('regions/')) return { ...region, children: children() };
    if (path.startsWith('report/')) return report(path.slice(7), revision);
    if (path === 'evidence') return evidence(url.searchParams.get('metric') ?? '', scope, url.searchParams);
    if (path.startsWith('feature/')) return card(...path.slice(8).split('/'));
    if (path === 'search') return { results: search(url.searchParams.get('q') ?? '') };
    if (path === 'distances') return { rows: distances() };
    return null;
  }

  const box = (f) => {
    const flat = f.geometry.coordinates.flat(2);
    const xs = flat.filter((_, i) => i % 2 === 0);
    const ys = flat.filter((_, i) => i % 2 === 1);
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  };
  const middle = (f) => {
    const [w, s, e, n] = box(f);
    return [(w + e) / 2, (s + n) / 2];
  };

  function evidence(metric, scope, query) {
    const layer = /^(C1|C2|M07|M13|M14|M09)/.test(metric)
      ? 'village'
      : /^(C3|M18|M2)/.test(metric)
        ? 'relocation_site'
        : 'road';
    const all = features[layer];
    const offset = Number(query.get('offset') ?? 0);
    const kind = ['completion', 'coverage', 'relocation'].find((k) =>
      report(k, revision).rows.some((r) => r.metric === metric && r.scope === scope),
    );
    return {
      figure: report(kind ?? 'completion', revision).rows.find(
        (r) => r.metric === metric && r.scope === scope,
      ),
      total: all.length,
      items: all.slice(offset, offset + Number(query.get('limit') ?? 50)).map((f) => ({
        layer,
        id: f.id,
        ...(layer === 'road' ? { segment: f.id } : {}),
        code: f.properties.code ?? '',
        name: f.properties.name,
        township: `${CODE}100`,
        part: f.properties.state === 'done' ? 'numerator' : 'rest',
        from_mm: 0,
        to_mm: 2400000,
        label_from: 'K0+000',
        label_to: 'K2+400',
        amount: layer === 'road' ? 2.4 : 1,
        unit: layer === 'road' ? 'km' : 'count',
        center: middle(f),
        bounds: box(f),
        events: layer === 'road' ? [{ id: '1', stage: 'surface', on: '2020-05-01', reporter: '交通局' }] : [],
      })),
    };
  }

  function card(layer, id) {
    const f = features[layer]?.find((one) => String(one.id) === id);
    if (!f) return null;
    return {
      layer,
      id: f.id,
      code: f.properties.code ?? '',
      name: f.properties.name,
      center: middle(f),
      bounds: box(f),
      facts: Object.entries(f.properties).map(([name, value]) => ({
        name,
        value,
        unit: null,
        on: '2020-06-30',
        source: '虚构',
      })),
      why: [{ code: 'invented', params: {} }],
      parts: [],
    };
  }

  function search(q) {
    return Object.entries(features)
      .filter(([layer]) => layer !== 'region_label' && layer !== 'region')
      .flatMap(([layer, list]) => list.map((f) => ({ layer, f })))
      .filter(({ f }) => (f.properties.name ?? '').includes(q))
      .slice(0, 10)
      .map(({ layer, f }) => ({
        layer,
        id: f.id,
        code: f.properties.code ?? '',
        name: f.properties.name,
        region: CODE,
        center: middle(f),
        bounds: box(f),
      }));
  }

  function distances() {
    return features.village.slice(0, 20).map((v, i) => ({
      from: v.id,
      from_name: v.properties.name,
      to: 1,
      to_name: features.relocation_site[0].properties.name,
      persons: v.properties.persons,
      straight_m: 4000 + i * 517,
      m: i === 3 ? null : 6000 + i * 800,
      s: i === 3 ? null : 900 + i * 120,
      access_from_m: 30,
      access_to_m: 12,
    }));
  }

  async function file(path, response) {
    const name = path === '/' ? 'index.html' : normalize(path).replace(/^[/.]+/, '');
    try {
      const body = await readFile(join(DIST, name));
      response.writeHead(200, {
        'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
        'content-security-policy': CSP,
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (!url.pathname.startsWith('/api/')) {
      void file(url.pathname, response);
      return;
    }
    const body = answer(url);
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { title: 'Not found', status: 404, detail: 'no such thing' }));
  });

  const sockets = new WebSocketServer({ server, path: '/ws' });
  const send = (socket, message) => {
    socket.send(JSON.stringify(message));
  };
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'hello') {
        send(socket, {
          type: 'hello',
          version: 1,
          revision,
          layers: Object.keys(features),
          time: '2026-01-01T00:00:00Z',
        });
      } else if (message.type === 'view') {
        for (const key of message.tiles) socket.send(frame(key, message.seq));
      } else if (message.type === 'figures') {
        for (const kind of message.reports) {
          send(socket, { type: 'figures', revision, region: CODE, kind, report: report(kind, revision) });
        }
      }
    });
  });

  /** Changes the state of a road and tells every socket. */
  function recolour(id, state) {
    const road = features.road.find((one) => one.id === id);
    road.properties.state = state;
    index = indexes();
    const since = revision++;
    for (const socket of sockets.clients) {
      send(socket, {
        type: 'stale',
        revision,
        since,
        all: true,
        tiles: [],
        layers: ['road'],
        regions: [CODE],
      });
      send(socket, { type: 'revision', revision, time: '2026-01-01T00:00:00Z' });
    }
  }

  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${String(server.address().port)}`,
        recolour,
        close: () => {
          for (const socket of sockets.clients) socket.terminate();
          server.close();
        },
      });
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fake = await startFake(Number(process.argv[2] ?? 0));
  process.stdout.write(`${fake.url}\n`);
}
