-- A piece gets its line.
update qiantu.road_segment set geom = $3 where county = $1 and id = $2
