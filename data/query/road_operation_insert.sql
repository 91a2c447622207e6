-- A deed on routes.
insert into qiantu.road_operation (county, kind, on_date, reason, tolerance_mm, by_user) values ($1, $2, $3, $4, $5, $6)
returning id
