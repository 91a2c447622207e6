-- A route that a deed made.
insert into qiantu.road (county, id, code, name, name_en, class, township, source) values ($1, $2, nullif($3, ''), $4, $5, $6, nullif($7, ''), $8)
