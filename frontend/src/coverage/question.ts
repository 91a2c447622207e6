// What is asked otherwise than the county's rules and facts say: season,
// thresholds, and edits of roads, sites and villages (what-if). The same words stand
// in the address, in every GET and in the `question` message of the stream.

export const DEEDS = ['close', 'build', 'improve'] as const;
export type RoadDeed = (typeof DEEDS)[number];
export type Deed = RoadDeed | 'place' | 'capacity' | 'add' | 'people';

/** One change of the what-if: of a whole road, of one segment of the inventory, of a site or a village. */
export interface Edit {
  deed: Deed;
  layer: 'road' | 'segment' | 'site' | 'village';
  id: string;
  /** What it is to be: a place as lon:lat, persons, both, or households:persons. Roads have none. */
  rest?: string;
}

export interface Question {
  /**
   * `wet`: roads known not to be all-season are closed. `dry`: the works give what they give in the dry season; roads
   * are as without it. Empty: roads of the dry season, water of the year, as the rules say.
   */
  season: '' | 'dry' | 'wet';
  /** A path must end this near to the village, in metres; 0: the rule. */
  connectM: number;
  /** Distance of the rural access index, in metres; 0: the rule. */
  raiM: number;
  /** Minutes walked for the index; 0: the rule. */
  walkMin: number;
  edits: Edit[];
  /** Number of the scenario that lies under all this; 0: none. */
  scenario: number;
}

export const NOTHING_ASKED: Question = {
  season: '',
  connectM: 0,
  raiM: 0,
  walkMin: 0,
  edits: [],
  scenario: 0,
};

/** Most edits the service takes. */
export const MOST_EDITS = 500;
/** Most characters of edits in an address: it may have 8192, and the rest of it needs some. */
export const MOST_LETTERS = 7400;
/** Most edits whose effects are told apart one by one. */
export const MOST_EXPLAINED = 40;
/** What the thresholds may be. */
export const BOUNDS = { connectM: [1, 5000], raiM: [1, 20_000], walkMin: [1, 240] } as const;

/** The layer of the data that what is edited belongs to. */
export const LAYER_OF: Record<Edit['layer'], string> = {
  road: 'road',
  segment: 'road_segment',
  site: 'relocation_site',
  village: 'village',
};
/** Sites that are not there yet are numbered from here on. */
export const FIRST_NEW_SITE = 900_001;

const ID = '[1-9]\\d{0,17}';
const DEGREES = '-?\\d{1,3}(?:\\.\\d{1,5})?';
const COUNT = '\\d{1,9}';
const EDIT = new RegExp(
  '^(?:(close|build|improve):(road|segment):' +
    `(${ID})|(close):(site):(${ID})|(capacity):(site):(${ID}):(${COUNT})` +
    `|(place):(site):(${ID}):(${DEGREES}:${DEGREES})|(add):(site):(${ID}):(${DEGREES}:${DEGREES}:${COUNT})` +
    `|(people):(village):(${ID}):(${COUNT}:${COUNT}))$`,
);

export function editText({ deed, layer, id, rest }: Edit): string {
  return `${deed}:${layer}:${id}${rest === undefined ? '' : `:${rest}`}`;
}

/** Reads "close:segment:17,build:road:5"; what is not an edit is left out. */
export function parseEdits(text: string): Edit[] {
  return text.split(',').flatMap((one) => {
    const [deed, layer, id, rest] = (EDIT.exec(one.trim()) ?? []).slice(1).filter((part) => part);
    if (!deed || !layer || !id) return [];
    return [{ deed: deed as Deed, layer: layer as Edit['layer'], id, ...(rest ? { rest } : {}) }];
  });
}

/** Whether anything is asked otherwise than the rules say. */
export function asks(question: Question): boolean {
  return (
    question.season !== '' ||
    question.edits.length > 0 ||
    question.scenario > 0 ||
    question.connectM + question.raiM + question.walkMin > 0
  );
}

/** The parameters of a GET; what is not asked is left out. */
export function questionQuery(question: Question): Record<string, string | number> {
  const query: Record<string, string | number> = {};
  if (question.season) query['season'] = question.season;
  if (question.connectM) query['connect_m'] = question.connectM;
  if (question.raiM) query['rai_m'] = question.raiM;
  if (question.walkMin) query['walk_min'] = question.walkMin;
  if (question.edits.length) query['edits'] = editsText(question.edits);
  if (question.scenario) query['scenario'] = question.scenario;
  return query;
}

function editsText(edits: Edit[]): string {
  return edits.map(editText).join(',');
}

/** Whether the service can be asked so many edits: it counts them, and every reading has them in its address. */
export function fits(edits: Edit[]): boolean {
  return edits.length <= MOST_EDITS && editsText(edits).length <= MOST_LETTERS;
}

const SEASONS = ['dry', 'wet'] as const;

function within(text: string | null, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  return text && Number.isInteger(value) && value >= least && value <= most ? value : 0;
}

/** Reads what `questionQuery` wrote; what is wrong is as the rules say. */
export function readQuestion(query: URLSearchParams): Question {
  return {
    season: SEASONS.find((one) => one === query.get('season')) ?? '',
    connectM: within(query.get('connect_m'), BOUNDS.connectM),
    raiM: within(query.get('rai_m'), BOUNDS.raiM),
    walkMin: within(query.get('walk_min'), BOUNDS.walkMin),
    edits: parseEdits(query.get('edits') ?? ''),
    scenario: within(query.get('scenario'), [1, Number.MAX_SAFE_INTEGER]),
  };
}

/** What an edit speaks of: of a site its place and its room are two things. */
function subject({ deed, layer, id }: Edit): string {
  const room = deed === 'close' || deed === 'capacity';
  return `${layer}:${id}${layer === 'site' ? `:${room ? 'room' : deed}` : ''}`;
}

/** The edits with one more; what was said of the same thing before gives way. */
export function withEdit(edits: Edit[], edit: Edit): Edit[] {
  const about = subject(edit);
  // A site that is added stays before what is said of it.
  const at = edit.layer === 'site' ? edits.findIndex((one) => subject(one) === about) : -1;
  if (at >= 0) return edits.with(at, edit);
  return [...edits.filter((one) => subject(one) !== about), edit];
}

/** The edits without one of them. */
export function withoutEdit(edits: Edit[], edit: Edit): Edit[] {
  const text = editText(edit);
  return edits.filter((one) => editText(one) !== text);
}
