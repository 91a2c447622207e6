-- Roads of county $1 in the version in force on $2, as known at $3.
select r.id, coalesce(r.code, ''), r.name, r.name_en, r.class, coalesce(r.township, ''),
       v.number, v.length_mm, v.geom, v.calibration_at, v.calibration_k
from qiantu.road_known($1, $3) r
join qiantu.road_version_known($1, $3) v on v.road = r.id and v.valid @> $2::date
order by r.id
