-- A version in force from day $4 on.
insert into qiantu.road_version (county, road, number, valid, length_mm, geom, calibration_at, calibration_k)
values ($1, $2, $3, daterange($4::date, null), $5, $6, $7, $8)
