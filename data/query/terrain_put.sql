-- The terrain model of county $1, in place of one that it has.
insert into qiantu.terrain (county, west, north, dx, dy, columns, rows, body, source)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (county) do update set
  west = excluded.west, north = excluded.north, dx = excluded.dx, dy = excluded.dy, columns = excluded.columns, rows = excluded.rows,
  body = excluded.body, source = excluded.source, recorded_at = now()
