-- Why: how long a walk takes depends on the land; a county keeps one terrain model, so that every walk is timed over the same one.

-- Heights on a grid of degrees, from the north-west, in decimetres, each row as differences from one cell to the next, all of it
-- compressed (data/terrain.go). Land is not a belief that changes: another model takes the place of the first, on every day and for
-- every instant.
create table qiantu.terrain (
  county      text primary key references qiantu.region (code),
  west        double precision not null,
  north       double precision not null,
  dx          double precision not null check (dx > 0),
  dy          double precision not null check (dy > 0),
  columns     integer not null check (columns between 1 and 16777216),
  rows        integer not null check (rows between 1 and 16777216 and columns::bigint * rows <= 16777216),
  body        bytea not null,
  digest      text not null generated always as (encode(sha256(body), 'hex')) stored,
  source      text not null default '',
  recorded_at timestamptz not null default now()
);
alter table qiantu.terrain alter column body set storage external;
call qiantu.add_change('terrain', 'rule', '', '');
