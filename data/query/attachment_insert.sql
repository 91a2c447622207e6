-- A file; the same again is not stored again.
insert into qiantu.attachment (county, hash, name, media, body, taken_at, place, by_user)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (county, hash) do nothing
