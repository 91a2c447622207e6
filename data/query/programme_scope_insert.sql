-- New metres of a task, from day $6 on.
insert into qiantu.programme_scope (county, programme, road, road_version, span, valid, village, responsible, phone)
values ($1, $2, $3, $4, $5, daterange($6::date, null), $7, $8, $9)
