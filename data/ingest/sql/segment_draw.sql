update qiantu.road_segment set geom = ST_GeomFromWKB($3, 4490) where county = $1 and id = $2
