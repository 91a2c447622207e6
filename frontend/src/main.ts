// Wires the page together: state, stream, map protocol, frame.

import 'maplibre-gl/dist/maplibre-gl.css';
import './app.css';
import { mount } from 'svelte';
import App from './app.svelte';
import { palettes, paint } from './palette';
import { app } from './state.svelte';
import { StreamClient, type Socket } from './stream/client';
import { registerProtocol } from './stream/source';

const LAYERS = [
  'region',
  'road',
  'village',
  'water_project',
  'relocation_site',
  'move',
  'facility',
  'reference',
];

function place(): [number, number] {
  const { place: at } = app.view;
  return at ? [at.lon, at.lat] : (app.region?.center ?? [104.7, 27.1]);
}

const stream = new StreamClient({
  open: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ws`) as Socket,
  layers: LAYERS,
  center: place,
  frame: (run) => requestAnimationFrame(run),
  handlers: {
    status: (status) => (app.status = status),
    pending: (count) => (app.pending = count),
    stale: (keys) => {
      app.refreshMap(keys);
    },
    figures: (region, kind, report) => {
      app.takeReport(region, kind, report);
    },
    revision: () => {
      app.newRevision();
    },
    error: (_code, message) => (app.notice = message),
  },
});

app.stream = stream;
registerProtocol(stream);
stream.connect();
paint(document.documentElement, palettes[app.theme]);

addEventListener('online', () => {
  app.online = true;
  stream.retry();
});
addEventListener('offline', () => (app.online = false));
matchMedia('(prefers-color-scheme: dark)').addEventListener(
  'change',
  (event) => (app.systemDark = event.matches),
);
matchMedia('(max-width: 760px)').addEventListener('change', (event) => (app.phone = event.matches));

const target = document.getElementById('app');
if (target) mount(App, { target });
void app.start();
