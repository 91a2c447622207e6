// Wires the page together: state, stream, map protocol, frame.

import 'maplibre-gl/dist/maplibre-gl.css';
import './app.css';
import { mount } from 'svelte';
import { session } from './account/session.svelte';
import App from './app.svelte';
import { ask } from './coverage/ask.svelte';
import { flow } from './plan/flow.svelte';
import { palettes, paint } from './palette';
import type { Scenario } from './scenario/api';
import { store } from './scenario/store.svelte';
import { app } from './state.svelte';
import { StreamClient } from './stream/client';
import { paced } from './stream/pace';
import { LAYERS, openSocket } from './stream/socket';
import { registerProtocol } from './stream/source';
import { wall } from './wall/wall.svelte';

function place(): [number, number] {
  const { place: at } = app.view;
  return at ? [at.lon, at.lat] : (app.region?.center ?? [104.7, 27.1]);
}

const stream = new StreamClient({
  open: openSocket,
  layers: LAYERS,
  center: place,
  frame: paced(),
  shown: () => app.map?.shown() ?? [],
  handlers: {
    status: (status) => {
      const back = app.status.state !== 'live' && status.state === 'live';
      app.status = status;
      // A stream that was cut may have been cut with the session.
      if (back && !wall.link) void session.refresh();
    },
    pending: (count) => {
      app.pending = count;
      if (count === 0) ask.drawn();
    },
    stale: (keys) => {
      app.refreshMap(keys);
    },
    figures: (region, kind, report, asked) => {
      ask.take(region, kind, report);
      if (!asked) app.takeReport(region, kind, report);
    },
    question: (last) => {
      ask.answered(last);
    },
    revision: () => {
      if (wall.open) wall.refresh();
      else app.newRevision();
    },
    scenario: (region, one) => {
      store.take(region, one as Scenario);
    },
    assigned: (seq, answer) => {
      flow.take(seq, answer);
    },
    error: (code, message, seq) => {
      if (code === 'bad_assign' || code === 'no_assign') flow.refuse(message, seq ?? 0);
      else if (code === 'bad_question' || code === 'no_question') ask.refuse(message);
      else app.notice = message;
    },
    ended: () => {
      if (wall.link) wall.refresh();
      else void session.refresh();
    },
  },
});

app.stream = stream;
registerProtocol(stream);
// A link to a wall opens that and nothing else: nothing else is asked for.
wall.take(location.hash);
stream.connect();
paint(document.documentElement, palettes[app.theme]);

addEventListener('online', () => {
  app.online = true;
  stream.retry();
});
addEventListener('focus', () => {
  if (!wall.link) void session.refresh();
});
addEventListener('offline', () => (app.online = false));
matchMedia('(prefers-color-scheme: dark)').addEventListener(
  'change',
  (event) => (app.systemDark = event.matches),
);
matchMedia('(max-width: 760px)').addEventListener('change', (event) => (app.phone = event.matches));

const target = document.getElementById('app');
if (target) mount(App, { target });
// Somebody else may read other counties: all is read again.
if (!wall.link) {
  session.onChange(() => {
    stream.restart();
    void app.start();
  });
  void session.refresh();
  void app.start();
}
