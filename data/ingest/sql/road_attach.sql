-- Gives routes that are stored without a line theirs. The measure, and all that is anchored to it, stays.
update qiantu.road_version v set geom = r.geom
from import_row r
where r.doc ? 'road' and v.county = @county and v.road = (r.doc->>'road')::bigint and v.number = (r.doc->>'road_version')::int
