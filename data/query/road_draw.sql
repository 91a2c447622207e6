-- A length-only route gets its line; its measure stays.
update qiantu.road_version set geom = $4 where county = $1 and road = $2 and number = $3
