-- The versions that deed $2 of county $1 made are in force on no day.
update qiantu.road_version v set valid = 'empty'
from (select distinct to_road as road, to_version as number from qiantu.road_mapping where county = $1 and operation = $2 and to_road is not null) made
where v.county = $1 and v.road = made.road and v.number = made.number
