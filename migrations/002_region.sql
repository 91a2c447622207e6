-- Why: the legal tree with its codes and their years stands above everything; thresholds and standards are data with a version.

create table qiantu.region (
  code          text primary key check (code ~ '^[0-9A-Za-z:._-]{1,80}$'),
  level         text not null check (level in ('province', 'prefecture', 'county', 'township', 'village')),
  name          text not null check (name <> ''),
  name_en       text not null default '',
  parent        text references qiantu.region (code) deferrable initially deferred,
  county        text not null,
  valid         daterange not null default '(,)' check (not isempty(valid)),
  geom          geometry(MultiPolygon, 4490) check (qiantu.sound(geom)),
  seat          geometry(Point, 4490) check (qiantu.sound(seat)),
  data_date     date,
  sample        boolean not null default false,
  notice        text not null default '',
  notice_en     text not null default '',
  attribution   text not null default '',
  version       bigint not null default 1,
  recorded_from timestamptz not null default now(),
  check (level <> 'county' or county = code),
  check (data_date is null or level = 'county')
);
comment on column qiantu.region.county is 'the county the unit lies in, its own code for a county, its own code above';
create index region_parent on qiantu.region (parent);
create index region_geom on qiantu.region using gist (geom);
call qiantu.add_history('region');
call qiantu.add_change('region', 'region', 'geom', '');

-- Thresholds of the judgements: code '' is the default of the product, else the province or county that pins the version.
create table qiantu.rule (
  code          text not null,
  version       text not null,
  county        text not null default '*',
  valid         daterange not null default '(,)',
  body          jsonb not null,
  recorded_from timestamptz not null default now(),
  primary key (code, version),
  exclude using gist (code with =, valid with &&)
);

create table qiantu.water_standard (
  code           text not null,
  version        text not null,
  county         text not null default '*',
  valid          daterange not null default '(,)',
  litres_good    double precision not null check (litres_good >= litres_basic),
  litres_basic   double precision not null check (litres_basic > 0),
  minutes_good   double precision not null check (minutes_good <= minutes_basic),
  minutes_basic  double precision not null,
  distance_good  double precision not null check (distance_good <= distance_basic),
  distance_basic double precision not null,
  climb_good     double precision not null check (climb_good <= climb_basic),
  climb_basic    double precision not null,
  reliable_good  double precision not null check (reliable_good >= reliable_basic),
  reliable_basic double precision not null,
  source         text not null,
  check (greatest(litres_good, minutes_basic, distance_basic, climb_basic, reliable_good) < 1e6), -- NaN is above all
  recorded_from  timestamptz not null default now(),
  primary key (code, version),
  exclude using gist (code with =, valid with &&)
);
insert into qiantu.water_standard
  (code, version, litres_good, litres_basic, minutes_good, minutes_basic, distance_good, distance_basic,
   climb_good, climb_basic, reliable_good, reliable_basic, source)
values ('', 'T/CHES 18-2018 wet', 60, 35, 10, 20, 400, 800, 40, 80, 95, 90, 'T/CHES 18-2018');

-- Their version is a name, not a counter, so their history is kept by a trigger of their own.
create table qiantu.rule_history (recorded_to timestamptz not null, like qiantu.rule);
create table qiantu.water_standard_history (recorded_to timestamptz not null, like qiantu.water_standard);
create trigger keep_history before update or delete on qiantu.rule
  for each row execute function qiantu.keep_history('named version');
create trigger keep_history before update or delete on qiantu.water_standard
  for each row execute function qiantu.keep_history('named version');
call qiantu.add_change('rule', 'rule', '', '');
call qiantu.add_change('water_standard', 'rule', '', '');
