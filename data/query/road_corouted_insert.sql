-- Metres of a version that are counted on another route.
insert into qiantu.road_corouted (county, road, road_version, span) values ($1, $2, $3, $4)
