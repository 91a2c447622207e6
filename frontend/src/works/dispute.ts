// Cases in the order in which they want attention.

import type { Dispute } from './api';

/** Open cases first, the oldest of them first; decided ones after, the latest first. */
export function inOrder(all: Dispute[]): Dispute[] {
  return [...all].sort((a, b) => {
    if (!a.decided !== !b.decided) return a.decided ? 1 : -1;
    return a.decided
      ? (b.decided ?? '').localeCompare(a.decided)
      : a.opened.localeCompare(b.opened) || a.id - b.id;
  });
}

/** Whether `login` opened the case or made one of its claims: then somebody else decides. */
export function isParty(dispute: Dispute, login: string): boolean {
  return dispute.opened_by === login || (dispute.claims ?? []).some((claim) => claim.by === login);
}
