-- What became of some metres by a deed.
insert into qiantu.road_mapping (county, operation, kind, from_road, from_version, from_span, to_road, to_version, to_span, reversed)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
