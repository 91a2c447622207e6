-- The version in force of a route: its number, its length, whether it has a line, and its pieces.
select v.number, v.length_mm, v.geom is not null, coalesce(r.class, 'unknown'), coalesce(r.township, '')
from qiantu.road r join qiantu.road_version v on v.county = r.county and v.road = r.id and upper_inf(v.valid)
where r.county = $1 and r.id = $2
for update of v
