-- The versions that deed $2 of county $1 ended on day $3 are in force again.
update qiantu.road_version v set valid = daterange(lower(v.valid), null)
from (select distinct from_road as road, from_version as number from qiantu.road_mapping where county = $1 and operation = $2 and from_road is not null) ended
where v.county = $1 and v.road = ended.road and v.number = ended.number and upper(v.valid) = $3::date
