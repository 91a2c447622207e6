-- A report, known from now on.
insert into qiantu.progress (county, id, road, road_version, span, stage, on_date, device_time, programme, contract, reporter, by_user,
                             entered, note, evidence)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
