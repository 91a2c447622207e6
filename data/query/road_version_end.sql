-- A version is no longer in force from day $4 on.
update qiantu.road_version set valid = daterange(lower(valid), $4::date) where county = $1 and road = $2 and number = $3
