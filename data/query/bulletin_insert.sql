-- Keeps a bulletin for good.
insert into qiantu.bulletin (county, period, subject, number, as_of, known_at, body, hash, before, by_user)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
returning id
