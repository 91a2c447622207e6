-- Rows that are several geometries in one.
select row from import_row where ST_GeometryType(geom) = 'ST_GeometryCollection' order by row limit 21
