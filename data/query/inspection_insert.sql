-- An inspection, held or still to be held.
insert into qiantu.inspection (county, kind, road, road_version, span, on_date, result, pqi_milli, inspector, note, evidence, seed, by_user)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
returning id
