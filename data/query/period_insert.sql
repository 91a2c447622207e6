-- Opens a period of the days $3 to $4.
insert into qiantu.period (county, kind, days, cut_off)
values ($1, $2, daterange($3::date, $4::date, '[]'), $5)
returning id
