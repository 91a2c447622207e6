-- Somebody is responsible for a matter of a place in county $1.
insert into qiantu.duty (county, township, village, matter, level, unit, person, post, phone, valid, by_user)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
returning id
