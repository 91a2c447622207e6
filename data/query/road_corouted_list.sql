-- Spans of the versions in force on $2 that are counted on another route, as known at $3.
select c.road, lower(c.span), upper(c.span)
from qiantu.road_corouted_known($1, $3) c
join qiantu.road_version_known($1, $3) v on v.road = c.road and v.number = c.road_version and v.valid @> $2::date
where c.valid @> $2::date
order by c.road, lower(c.span)
