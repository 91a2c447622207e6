-- Keeps a sheet between its preview and its application.
insert into qiantu.sheet (county, hash, name, rows, by_user) values ($1, $2, $3, $4, $5)
on conflict (county, hash) do nothing
