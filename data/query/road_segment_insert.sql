-- A piece of a version that a deed made.
insert into qiantu.road_segment (county, road, road_version, span, class, surface, width_mm, all_season, built, direction, routable,
                                 township, other_township, other_share_ppm, geom, source)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, nullif($12, ''), nullif($13, ''), nullif($14::bigint, 0), $15, $16)
