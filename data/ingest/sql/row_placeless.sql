-- The first rows without a place.
select row from import_row where geom is null and fault is null order by row limit 21
