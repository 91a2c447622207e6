// Plugs the stream into MapLibre: `qiantu://z/x/y` is a tile of the socket.

import { addProtocol } from 'maplibre-gl';
import type { StreamClient } from './client';

export const TILES = 'qiantu://{z}/{x}/{y}';

/** Registers the protocol. The map gives up what scrolls away by aborting. */
export function registerProtocol(client: StreamClient): void {
  addProtocol('qiantu', async (request, abort) => {
    const data = await client.load(request.url.slice('qiantu://'.length), abort.signal);
    return { data };
  });
}
