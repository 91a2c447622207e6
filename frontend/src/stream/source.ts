// Plugs the stream into MapLibre: `qiantu://z/x/y` is a tile of the socket.

import { addProtocol } from 'maplibre-gl';
import type { StreamClient } from './client';

export const TILES = tilesOf('qiantu');

export function tilesOf(scheme: string): string {
  return `${scheme}://{z}/{x}/{y}`;
}

/** Registers the protocol. The map gives up what scrolls away by aborting. */
export function registerProtocol(client: StreamClient, scheme = 'qiantu'): void {
  addProtocol(scheme, async (request, abort) => {
    const data = await client.load(request.url.slice(`${scheme}://`.length), abort.signal);
    return { data };
  });
}
