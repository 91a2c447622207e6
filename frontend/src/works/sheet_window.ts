// Which rows of a long list are drawn: those in sight and some around them.

export interface Drawn {
  from: number;
  to: number;
  /** Height before the first drawn row and after the last, px. */
  before: number;
  after: number;
}

export function windowOf(count: number, row: number, top: number, height: number, around = 8): Drawn {
  const from = Math.max(0, Math.min(count, Math.floor(top / row) - around));
  const to = Math.max(from, Math.min(count, Math.ceil((top + height) / row) + around));
  return { from, to, before: from * row, after: (count - to) * row };
}
