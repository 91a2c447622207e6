-- Why: every later table leans on the same few things: a schema, sound geometry, kept history, the numbering of commits and the notices of change.

create extension if not exists postgis;
create extension if not exists btree_gist;
create schema qiantu;
comment on schema qiantu is 'Qiantu: villages, roads, water, relocation. Geometry in EPSG:4490, lengths in mm, money in fen.';

-- A geometry may be stored when it is not empty, finite, inside the world and valid. Both checks are needed: a box of NaN
-- compares false, but a NaN in the middle of a line does not reach the box; ST_IsValid finds that one, but passes POINT(NaN NaN).
-- The body is parsed here and now, so that it holds under any search_path; pg_restore sets an empty one.
create function qiantu.sound(g geometry) returns boolean
language sql immutable parallel safe
return g is null or (
    not ST_IsEmpty(g)
    and ST_XMin(g) >= -180 and ST_XMax(g) <= 180
    and ST_YMin(g) >= -90 and ST_YMax(g) <= 90
    and ST_IsValid(g));

-- Recorded time. The current belief stands in the table itself, so that psql and QGIS can edit it; what was believed
-- before is kept in <table>_history by trigger, closed at the moment of the edit: the start of its transaction, so that
-- all a transaction did was known at one instant, or just after the belief it replaces where that is younger.
create function qiantu.keep_history() returns trigger
language plpgsql as $$
declare
  at timestamptz := greatest(now(), old.recorded_from);
begin
  if tg_op = 'UPDATE' and new is not distinct from old then
    return new;
  end if;
  if at = old.recorded_from and old.xmin <> pg_current_xact_id()::xid then
    at := at + interval '1 microsecond'; -- somebody else's belief, seen by others meanwhile: keep it
  end if;
  if at > old.recorded_from then
    execute format('insert into qiantu.%I select $2, ($1).*', tg_table_name || '_history') using old, at;
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  new.recorded_from := at;
  if tg_nargs = 0 then
    new.version := old.version + 1;
  end if;
  return new;
end $$;

-- Gives a table its history, and the function <table>_known(county, instant) with what was believed at an instant; at
-- 'infinity' that is the present belief. The table must have recorded_from and version. A later migration that adds a column
-- adds it to both tables and calls add_known again.
create procedure qiantu.add_history(name text)
language plpgsql as $$
begin
  execute format('create table qiantu.%I (recorded_to timestamptz not null, like qiantu.%I)', name || '_history', name);
  execute format('create index on qiantu.%I (county, recorded_to)', name || '_history');
  call qiantu.add_known(name);
  execute format('create trigger keep_history before update or delete on qiantu.%I
    for each row execute function qiantu.keep_history()', name);
end $$;

create procedure qiantu.add_known(name text)
language plpgsql as $$
declare
  columns text;
begin
  select string_agg(quote_ident(attname), ', ' order by attnum) into columns from pg_attribute
   where attrelid = format('qiantu.%I', name)::regclass and attnum > 0 and not attisdropped;
  execute format($q$
    create or replace function qiantu.%1$I(of_county text, known timestamptz) returns setof qiantu.%2$I
    language sql stable parallel safe begin atomic
      select %4$s from qiantu.%2$I where county = of_county and recorded_from <= known
      union all
      select %4$s from qiantu.%3$I where county = of_county and recorded_from <= known and recorded_to > known;
    end
  $q$, name || '_known', name, name || '_history', columns);
end $$;

-- Append-only tables refuse to be edited; they are corrected by a row in their table of revocations.
create function qiantu.refuse_edit() returns trigger
language plpgsql as $$
begin
  raise exception '%.% is append-only: % refused; revoke the row instead', tg_table_schema, tg_table_name, tg_op
    using errcode = 'restrict_violation';
end $$;

-- The one revision of this database. Its row is locked from the numbering to the end of the commit, so revisions are
-- taken in commit order: who sees revision n sees every change up to n.
create table qiantu.revision (
  only_row boolean primary key default true check (only_row),
  n        bigint not null default 0,
  xid      xid8,
  at       timestamptz not null default now(),
  pruned   bigint not null default 0
);
comment on column qiantu.revision.pruned is 'changes up to this revision are no longer listed in change';
insert into qiantu.revision default values;

-- What became stale. cells are zoom 12 tiles as x * 4096 + y; null cells: the whole county; county '*': everything.
create table qiantu.change (
  county   text not null,
  id       bigint generated always as identity,
  revision bigint,
  layer    text not null,
  op       text not null,
  cells    integer[],
  ids      bigint[],
  at       timestamptz not null default clock_timestamp(),
  primary key (county, id)
);
create index change_revision on qiantu.change (revision);

create function qiantu.number_change() returns trigger
language plpgsql as $$
declare
  mine bigint;
begin
  -- The time stands beside the number because a restored row may carry a number that this server has yet to reach.
  select n into mine from qiantu.revision where xid = pg_current_xact_id() and at >= now();
  if mine is null then
    update qiantu.revision set n = n + 1, xid = pg_current_xact_id(), at = clock_timestamp() returning n into mine;
    perform pg_notify('qiantu_change', mine::text);
  end if;
  update qiantu.change set revision = mine where county = new.county and id = new.id;
  return null;
end $$;

create constraint trigger number_change after insert on qiantu.change
  deferrable initially deferred for each row execute function qiantu.number_change();

-- The zoom 12 tiles that a geometry's box touches, a little padded because a tile also draws its neighbours' edge.
-- Null when they are too many to be worth listing.
create function qiantu.cells(g geometry) returns integer[]
language sql immutable parallel safe begin atomic
  with box as (
    select floor((greatest(ST_XMin(g) - 0.0015, -180) + 180) / 360 * 4096)::int as x0,
           least(floor((least(ST_XMax(g) + 0.0015, 180) + 180) / 360 * 4096)::int, 4095) as x1,
           floor((1 - asinh(tan(radians(least(greatest(ST_YMax(g) + 0.0015, -85), 85)))) / pi()) / 2 * 4096)::int as y0,
           floor((1 - asinh(tan(radians(least(greatest(ST_YMin(g) - 0.0015, -85), 85)))) / pi()) / 2 * 4096)::int as y1
  )
  select case when (x1 - x0 + 1) * (y1 - y0 + 1) <= 256
    then (select array_agg(x * 4096 + y) from generate_series(x0, x1) x, generate_series(y0, y1) y) end
  from box;
end;

-- Statement trigger for every stored noun: argument 1 the layer, 2 the geometry column or '', 3 the id column or ''.
-- Touches nothing but change, so that a distributed engine can run it beside the rows. Rows are counted before cells are
-- made: the cells of a million rows are not worth their time, the county is stale as a whole. It runs under any search_path.
create function qiantu.note_change() returns trigger
language plpgsql as $$
declare
  layer text := tg_argv[0];
  cells text := case when tg_argv[1] = '' then 'null::integer[]' else format('qiantu.cells(%I)', tg_argv[1]) end;
  id    text := case when tg_argv[2] = '' then 'null::bigint' else quote_ident(tg_argv[2]) end;
  rows  text := case tg_op
    when 'INSERT' then 'select * from new_rows'
    when 'DELETE' then 'select * from old_rows'
    else 'select * from new_rows union all select * from old_rows'
  end;
begin
  execute format($q$
    insert into qiantu.change (county, layer, op, cells, ids)
    select county, $1, $2,
           case when n <= 5000 then (
             select case when bool_and(cell is not null) then array_agg(distinct cell) end
             from (%1$s) r left join lateral unnest(%2$s) cell on true where r.county = touched.county) end,
           case when n <= 200 then (
             select case when bool_and(%3$s is not null) then array_agg(distinct %3$s) end
             from (%1$s) r where r.county = touched.county) end
    from (select county, count(*) as n from (%1$s) r group by county) touched
  $q$, rows, cells, id) using layer, tg_op;
  return null;
end $$;

create function qiantu.note_all_stale() returns trigger
language plpgsql as $$
begin
  insert into qiantu.change (county, layer, op) values ('*', '*', tg_op);
  return null;
end $$;

-- The tables whose changes are noted. The feed holds this list against pg_trigger: a notice that is missing or switched off
-- makes everything stale, never silent.
create table qiantu.noted (name text primary key);

-- Gives a table its notices. They fire in every replication role, so that a restore is not silent.
create procedure qiantu.add_change(name text, layer text, geom text, id text)
language plpgsql as $$
begin
  execute format('create trigger note_insert after insert on qiantu.%I referencing new table as new_rows
    for each statement execute function qiantu.note_change(%L, %L, %L)', name, layer, geom, id);
  execute format('create trigger note_update after update on qiantu.%I referencing new table as new_rows old table as old_rows
    for each statement execute function qiantu.note_change(%L, %L, %L)', name, layer, geom, id);
  execute format('create trigger note_delete after delete on qiantu.%I referencing old table as old_rows
    for each statement execute function qiantu.note_change(%L, %L, %L)', name, layer, geom, id);
  execute format('create trigger note_truncate after truncate on qiantu.%I
    for each statement execute function qiantu.note_all_stale()', name);
  insert into qiantu.noted values (name);
  call qiantu.arm_changes();
end $$;

-- Switches every notice on again, as it has to be after a restore with --disable-triggers, which leaves them in a weaker mode.
-- It waits for no long writer: others would have to wait behind it.
create procedure qiantu.arm_changes()
language plpgsql set lock_timeout = '1s' as $$
declare
  t record;
begin
  for t in
    select c.oid::regclass as name, g.tgname
    from pg_trigger g join pg_class c on c.oid = g.tgrelid
    where c.relnamespace = 'qiantu'::regnamespace and g.tgenabled <> 'A'
      and g.tgname in ('note_insert', 'note_update', 'note_delete', 'note_truncate', 'number_change')
  loop
    execute format('alter table %s enable always trigger %I', t.name, t.tgname);
  end loop;
end $$;

-- Which server this is and which of its lives; a managed server may keep that to itself, then it is empty.
create function qiantu.server_identity() returns text
language plpgsql stable as $$
begin
  return (select system_identifier from pg_control_system()) || '/' || (select timeline_id from pg_control_checkpoint());
exception when insufficient_privilege then
  return '';
end $$;

-- A retried write gets the answer of the first.
create table qiantu.idempotency (
  actor       text not null,
  key         text not null check (length(key) between 1 and 200),
  fingerprint bytea not null,
  status      smallint not null,
  response    bytea,
  created_at  timestamptz not null default now(),
  primary key (actor, key)
);

-- Who did what. Written in the same transaction as the deed.
create table qiantu.audit (
  id      bigint generated always as identity primary key,
  at      timestamptz not null default clock_timestamp(),
  actor   text not null,
  action  text not null,
  county  text,
  object  text not null,
  detail  jsonb not null default '{}'
);
create trigger refuse_edit before update or delete on qiantu.audit for each row execute function qiantu.refuse_edit();
