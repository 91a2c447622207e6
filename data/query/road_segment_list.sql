-- Segments of the versions in force on $2 in county $1, as known at $3.
select s.id, s.road, s.road_version, lower(s.span), upper(s.span), s.class, s.surface, s.width_mm, s.all_season, s.built,
       s.direction, s.routable, coalesce(s.township, ''), coalesce(s.other_township, ''), coalesce(s.other_share_ppm, 0), s.geom, false
from qiantu.road_segment_known($1, $3) s
join qiantu.road_version_known($1, $3) v on v.road = s.road and v.number = s.road_version and v.valid @> $2::date
where s.valid @> $2::date
order by s.id
