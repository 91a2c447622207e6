// What the text of an edit says, as far as the screen has to know it.

/** What an edit is about, and what it does to it: close:segment:17, capacity:site:3:1200, people:village:12:35:160. */
export interface Said {
  verb: string;
  kind: string;
  id: string;
  rest: string[];
}

export function said(edit: string): Said {
  const [verb = '', kind = '', id = '', ...rest] = edit.split(':');
  return { verb, kind, id, rest };
}

/** The layer of the map whose features have these ids. */
const LAYERS: Record<string, string> = {
  segment: 'road_segment',
  road: 'road',
  site: 'relocation_site',
  village: 'village',
};

export function layerOf(edit: Said): string {
  return LAYERS[edit.kind] ?? '';
}

/** Which fact of its subject an edit sets: two that set the same say otherwise of it. */
function facet({ verb, kind }: Said): string {
  if (kind === 'segment' || kind === 'road') return 'road';
  if (kind === 'site') return verb === 'place' || verb === 'add' ? 'place' : 'capacity';
  return verb;
}

/** Whether a later edit says otherwise of what an earlier one speaks of. */
export function replaces(later: string, earlier: string): boolean {
  const [a, b] = [said(later), said(earlier)];
  return a.kind === b.kind && a.id === b.id && facet(a) === facet(b);
}

/** A number for a site that is added: the least from 900001 on that no edit has. */
export function freeSite(edits: string[]): number {
  const taken = new Set(edits.map((one) => Number(said(one).id)));
  let number = 900_001;
  while (taken.has(number)) number++;
  return number;
}

/** An edit as it has to be said where some stand: a site that one of them adds is moved by adding it elsewhere. */
export function beside(edit: string, standing: string[]): string {
  const { verb, kind, id, rest } = said(edit);
  const added = standing.map(said).find((one) => one.verb === 'add' && one.id === id);
  if (verb !== 'place' || kind !== 'site' || !added) return edit;
  return ['add', kind, id, ...rest.slice(0, 2), added.rest[2] ?? '0'].join(':');
}
