// The socket of the service that served this page, and the layers a map wants of it.

import type { Socket } from './client';

export const LAYERS = [
  'region',
  'road',
  'village',
  'water_project',
  'relocation_site',
  'move',
  'facility',
  'reference',
];

export function openSocket(): Socket {
  return new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ws`) as Socket;
}
