-- How many rows lost heights or measures, and how many have no place.
select count(*) filter (where flat), count(*) filter (where geom is null and fault is null) from import_row
