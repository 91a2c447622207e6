-- Roads of county $1 in the version in force on $2, as known at $3: what lengths need of them.
select r.id, coalesce(r.township, ''), v.number, v.length_mm
from qiantu.road_known($1, $3) r
join qiantu.road_version_known($1, $3) v on v.road = r.id and v.valid @> $2::date
order by r.id
