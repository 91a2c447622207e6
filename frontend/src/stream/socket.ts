// The socket of the service that served this page, and the layers a map wants of it.

import { borne } from '../http';
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
  const link = borne();
  const protocols = link ? ['qiantu', `qiantu.link.${link}`] : [];
  return new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ws`, protocols) as Socket;
}
