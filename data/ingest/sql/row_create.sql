-- Rows after the geometry was read. fault is a code of the catalogue.
create temp table import_row (
  row       integer primary key,
  id        bigint,
  doc       jsonb not null,
  geom      geometry,
  fault     text,
  detail    text,
  flat      boolean not null default false,
  length_mm bigint
) on commit drop
