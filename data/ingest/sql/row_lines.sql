-- The checked lines, for measuring.
select row, ST_AsBinary(geom) from import_row where geom is not null and fault is null order by row
