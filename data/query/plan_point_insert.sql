-- A point of a plan curve.
insert into qiantu.plan_point (county, programme, township, on_date, share_ppm) values ($1, $2, $3, $4, $5)
