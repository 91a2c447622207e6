insert into qiantu.road_version (county, road, number, length_mm, geom)
select @county, id, 1, length_mm, geom from import_row where not doc ? 'road'
