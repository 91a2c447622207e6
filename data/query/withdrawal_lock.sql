-- The versions that deed $2 of county $1 made or ended, locked: which side, and whether in force.
select v.road, v.number, made.made, upper_inf(v.valid)
from qiantu.road_version v
join (
  select to_road as road, to_version as number, true as made from qiantu.road_mapping where county = $1 and operation = $2 and to_road is not null
  union
  select from_road, from_version, false from qiantu.road_mapping where county = $1 and operation = $2 and from_road is not null
) made on made.road = v.road and made.number = v.number
where v.county = $1
order by v.road, v.number
for update of v
