-- The pieces of routes that get or have a line: to be cut from it.
select s.id, lower(s.span), upper(s.span), v.length_mm, ST_AsBinary(v.geom)
from qiantu.road_segment s
join qiantu.road_version v on v.county = s.county and v.road = s.road and v.number = s.road_version
where s.county = @county and s.geom is null and v.geom is not null and s.road = any (@roads)
