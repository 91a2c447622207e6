// An invented county in memory: enough of every layer and report to work on
// the screen without the service. Nothing here is measured.

const WEST = 104.3;
const SOUTH = 26.8;
export const CODE = '990101';

let state = 7;
/** A repeatable random number in [0, 1). */
function random() {
  state = (state * 1103515245 + 12345) % 2147483648;
  return state / 2147483648;
}
const pick = (list) => list[Math.floor(random() * list.length)];
const ring = (x, y, w, h) => [
  [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
    [x, y],
  ],
];
const feature = (id, type, coordinates, properties) => ({
  type: 'Feature',
  id,
  geometry: { type, coordinates },
  properties: { id, county: CODE, ...properties },
});

const LEVELS = ['none', 'blue', 'yellow', 'none', 'orange', 'none', 'red', 'blue', 'none'];

function townships() {
  return Array.from({ length: 9 }, (_, i) => ({
    code: `${CODE}${String(100 + i)}`,
    name: `${'甲乙丙丁戊己庚辛壬'[i]}坪乡`,
    name_en: `${'ABCDEFGHI'[i]}ping`,
    level: 'township',
    x: WEST + (i % 3) * 0.25,
    y: SOUTH + Math.floor(i / 3) * 0.22,
    warning: LEVELS[i],
    rate: 20 + i * 7.31,
  }));
}

function line(x, y, steps) {
  const points = [[x, y]];
  let heading = random() * 6.28;
  for (let i = 0; i < steps; i++) {
    heading += (random() - 0.5) * 1.4;
    const [px, py] = points[points.length - 1];
    points.push([px + Math.cos(heading) * 0.012, py + Math.sin(heading) * 0.01]);
  }
  return points;
}

/** Features by layer. */
export function layers() {
  const towns = townships();
  const at = () => [WEST + random() * 0.75, SOUTH + random() * 0.66];
  const villages = Array.from({ length: 300 }, (_, i) =>
    feature(i + 1, 'Point', at(), {
      name: `${pick(['大', '小', '上', '下', '青', '石'])}${pick(['坪', '寨', '坝', '营', '岩', '箐'])}`,
      kind: i % 4 ? 'hamlet' : 'administrative',
      persons: Math.floor(random() * 600),
      households: Math.floor(random() * 150),
      verdict: pick(['connected', 'connected', 'connected', 'reached', 'not', 'unknown']),
      state: pick(['safe', 'safe', 'basic', 'unsafe', 'unsurveyed']),
    }),
  );
  const sites = Array.from({ length: 6 }, (_, i) =>
    feature(i + 1, 'Point', at(), {
      name: `${pick(['新', '安', '惠'])}民安置点`,
      persons: 300 + i * 400,
      households: 80 + i * 90,
      capacity_persons: 2600,
    }),
  );
  return {
    region: [
      feature(1, 'Polygon', ring(WEST, SOUTH, 0.75, 0.66), { kind: 'county', code: CODE, name: '虚构县' }),
      ...towns.map((t, i) =>
        feature(i + 2, 'Polygon', ring(t.x, t.y, 0.25, 0.22), {
          kind: 'township',
          code: t.code,
          name: t.name,
          name_en: t.name_en,
          level: t.warning,
          rate: t.rate,
        }),
      ),
    ],
    region_label: towns.map((t, i) =>
      feature(i + 2, 'Point', [t.x + 0.125, t.y + 0.11], {
        kind: 'township',
        name: t.name,
        name_en: t.name_en,
        level: t.warning,
        rate: t.rate,
      }),
    ),
    road: Array.from({ length: 160 }, (_, i) =>
      feature(i + 1, 'LineString', line(...at(), 6 + Math.floor(random() * 14)), {
        segment: i + 1,
        code: `C${String(100 + i)}${CODE}`,
        name: `${pick(['水', '石', '云', '梨'])}${pick(['塘', '门', '山', '树'])}路`,
        state: pick(['done', 'done', 'doing', 'not_started', 'planned', 'unknown', 'existing', 'existing']),
        class: pick(['primary', 'tertiary', 'unclassified', 'residential']),
        surface: pick(['cement', 'gravel', 'earth']),
        all_season: pick(['yes', 'no', 'unknown']),
        disputed: i % 31 === 0 ? 1 : 0,
        length_m: 2400,
      }),
    ),
    village: villages,
    water_project: Array.from({ length: 30 }, (_, i) =>
      feature(i + 1, 'Point', at(), {
        name: '水厂',
        state: pick(['built', 'building', 'planned', 'unknown']),
        kind: 'central',
      }),
    ),
    relocation_site: sites,
    move: sites.flatMap((site, i) =>
      villages.slice(i * 8, i * 8 + 8).map((v, k) =>
        feature(i * 10 + k + 1, 'LineString', [v.geometry.coordinates, site.geometry.coordinates], {
          state: k === 7 ? 'planned' : 'moved',
          households: 20,
          persons: 30 + k * 40,
        }),
      ),
    ),
    facility: towns.map((t, i) =>
      feature(i + 1, 'Point', [t.x + 0.12, t.y + 0.09], {
        name: `${t.name}政府`,
        kind: i === 4 ? 'county_seat' : 'township_seat',
      }),
    ),
    reference: [
      feature(1, 'LineString', line(WEST + 0.02, SOUTH + 0.3, 60), { layer: 'river', name: '六曲河' }),
      feature(2, 'Polygon', ring(WEST + 0.5, SOUTH + 0.1, 0.03, 0.02), { layer: 'lake' }),
      feature(3, 'Polygon', ring(WEST + 0.1, SOUTH + 0.5, 0.05, 0.03), { layer: 'hazard' }),
    ],
  };
}

const BOUNDS = [WEST, SOUTH, WEST + 0.75, SOUTH + 0.66];
const CENTER = [WEST + 0.375, SOUTH + 0.33];

export const region = {
  code: CODE,
  name: '虚构县',
  name_en: 'Invented County',
  level: 'county',
  data_date: '2020-06-30',
  sample: true,
  attribution: null,
  notice: '几何、村寨及其名称均为虚构',
  notice_en: 'Geometry, villages and their names are invented',
  bounds: BOUNDS,
  center: CENTER,
  counts: {},
};

export function children() {
  return townships().map((t) => ({
    ...t,
    bounds: [t.x, t.y, t.x + 0.25, t.y + 0.22],
    center: [t.x + 0.125, t.y + 0.11],
  }));
}

// metric, value, numerator, denominator, unknown, unit, basis
const FIGURES = {
  completion: [
    ['C01 planned_length', 800, 800, null, 0, 'km', 'km'],
    ['C02 started_length', 800, 800, null, 0, 'km', 'km'],
    ['C03 completed_length', 366, 366, null, 0, 'km', 'km'],
    ['C04 remaining_length', 434, 434, null, 0, 'km', 'km'],
    ['C05 carry_over_length', 12.5, 12.5, null, 0, 'km', 'km'],
    ['C06 disputed_length', 3.25, 3.25, null, 0, 'km', 'km'],
    ['C07 not_drawn_length', 21.75, 21.75, null, 0, 'km', 'km'],
    ['C08 road_length', 1834.123, 1834.123, null, 0, 'km', 'km'],
    ['M01 start_rate', 100, 800, 800, 0, '%', 'km'],
    ['M02 completion_rate', 45.75, 366, 800, 0, '%', 'km'],
    ['M03 physical_progress', 61.2, 489.6, 800, 0, '%', 'km'],
    ['M04 investment_rate', 52, 166400000, 320000000, 0, '%', 'money'],
    ['M06 hardened_rate', 61.33, 900, 1467.5, 366.6, '%', 'km'],
    ['M08 all_season_rate', 58.1, 850, 1463, 371, '%', 'km'],
    ['M31 time_progress', 50, 50, 100, 0, '%', 'count'],
    ['M31 deviation', -4.25, null, null, 0, '%', 'km'],
    ['M32 warning_level', 2, null, null, 0, 'count', 'count'],
    ['M33 rank', 3, null, null, 0, 'count', 'count'],
    ['W01 townships_blue', 8, 8, 27, 0, 'count', 'count'],
    ['W02 townships_yellow', 4, 4, 27, 0, 'count', 'count'],
    ['W03 townships_orange', 0, 0, 27, 0, 'count', 'count'],
    ['W04 townships_red', 0, 0, 27, 0, 'count', 'count'],
  ],
  coverage: [
    ['C10 villages', 460, 460, null, 0, 'count', 'count'],
    ['M07 connected_rate', 71.2, 320, 449, 11, '%', 'count'],
    ['M07 smooth_access_rate', 60, 269, 449, 11, '%', 'count'],
    ['M07 reach_rate', 90.2, 405, 449, 11, '%', 'count'],
    ['C11 villages_not_connected', 129, 129, 460, 11, 'count', 'count'],
    ['C12 villages_unknown', 11, 11, 460, 0, 'count', 'count'],
    ['C13 missing_length', 143.2, 143.2, null, 0, 'km', 'km'],
    ['M09 rai_buffer', 82.4, 402000, 488000, 12000, '%', 'person'],
    ['M13 water_safe', 190, 190, null, 0, 'count', 'count'],
    ['M13 water_basic', 30, 30, null, 0, 'count', 'count'],
    ['M13 water_unsafe', 224, 224, null, 0, 'count', 'count'],
    ['M13 water_unsurveyed', 16, 16, null, 0, 'count', 'count'],
    ['M14 safe_water_rate', 52.3, 250000, 478000, 22000, '%', 'person'],
    ['M14 safe_water_village_rate', 49.55, 220, 444, 16, '%', 'count'],
    ['C21 villages_without_safe_water', 224, 224, 460, 16, 'count', 'count'],
    ['C22 water_gap_cost', 386000000, 386000000, null, 0, 'yuan', 'yuan'],
  ],
  relocation: [
    ['C30 sites', 12, 12, null, 0, 'count', 'count'],
    ['C31 buildings', 180, 180, null, 0, 'count', 'count'],
    ['C32 dwellings_planned', 4442, 4442, null, 0, 'count', 'count'],
    ['M18 moved_in_households', 2470, 2470, 4442, 0, 'household', 'household'],
    ['M18 moved_in_persons', 13018, 13018, 20000, 0, 'person', 'person'],
    ['M18 move_in_rate', 65.09, 13018, 20000, 0, '%', 'person'],
    ['M19 registered_household_share', 86.44, 2135, 2470, 0, '%', 'household'],
    ['M19 registered_person_share', 85.42, 11120, 13018, 0, '%', 'person'],
    ['M19 registered_households', 2135, 2135, null, 0, 'household', 'household'],
    ['M19 registered_persons', 11120, 11120, null, 0, 'person', 'person'],
    ['M20 started_rate', 100, 4442, 4442, 0, '%', 'count'],
    ['M20 foundation_rate', 63.6, 2825, 4442, 0, '%', 'count'],
    ['M20 structure_rate', 50.97, 2264, 4442, 0, '%', 'count'],
    ['M20 completed_rate', null, 0, 0, 0, '%', 'count'],
    ['M21 demolition_rate', 67.37, 1664, 2470, 0, '%', 'household'],
    ['M21 demolition_rate_registered', 77.94, 1664, 2135, 0, '%', 'household'],
    ['M27 straight_mean', 9340, null, null, 0, 'm', 'person'],
    ['M27 straight_median', 8210, null, null, 0, 'm', 'person'],
    ['M27 straight_max', 31200, null, null, 0, 'm', 'person'],
    ['M27 network_mean', 15200, null, null, 120, 'm', 'person'],
    ['M27 network_median', 13010, null, null, 120, 'm', 'person'],
    ['M27 network_max', 52300, null, null, 120, 'm', 'person'],
    ['M27 minutes_mean', 41.3, null, null, 120, 'min', 'person'],
    ['M27 minutes_median', 36, null, null, 120, 'min', 'person'],
    ['M27 minutes_max', 144, null, null, 120, 'min', 'person'],
    ['M27 share_over_20km', 22.1, 2877, 13018, 120, '%', 'person'],
    ['C33 moves_unreachable', 2, 2, 48, 0, 'count', 'count'],
  ],
};

function row([metric, value, numerator, denominator, unknown, unit, basis], scope, name) {
  return {
    metric,
    scope,
    scope_name: name,
    value,
    numerator,
    denominator,
    unknown,
    unit,
    basis,
    as_of: '2020-06-30',
    rule: 'fake/1',
    masked: metric === 'C31 buildings' && scope.endsWith('103'),
    ids: [],
  };
}

export function report(kind, revision) {
  const rows = FIGURES[kind].map((figure) => row(figure, CODE, '虚构县'));
  for (const [i, t] of townships().entries()) {
    for (const figure of FIGURES[kind]) {
      const one = row(figure, t.code, t.name);
      if (figure[0] === 'M02 completion_rate')
        Object.assign(one, { value: t.rate, numerator: t.rate, denominator: 100 });
      if (figure[0] === 'M32 warning_level')
        one.value = i === 8 ? null : ['none', 'blue', 'yellow', 'orange', 'red'].indexOf(t.warning);
      if (figure[0] === 'M33 rank') one.value = 9 - i;
      rows.push(one);
    }
  }
  if (kind === 'completion') {
    for (const name of ['primary', 'tertiary', 'unclassified']) {
      rows.push(
        row(['C08 road_length', 100 + name.length, null, null, 0, 'km', 'km'], `class:${name}`, name),
      );
    }
  }
  return { region: CODE, kind, revision, as_of: '2020-06-30', known_at: '2026-01-01T00:00:00Z', rows };
}
