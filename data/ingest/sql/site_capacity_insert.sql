insert into qiantu.site_capacity (county, site, households, persons, jobs, water_m3d, school_places)
select @county, id, (doc->>'households')::bigint, (doc->>'persons')::bigint, (doc->>'jobs')::bigint, (doc->>'water_m3d')::float8, (doc->>'school_places')::bigint
from import_row where doc ?| array['households', 'persons', 'jobs', 'water_m3d', 'school_places']
