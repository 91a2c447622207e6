insert into qiantu.population (county, village, as_of, households, persons, poor_households, poor_persons, source)
select @county, id, (doc->>'as_of')::date, (doc->>'households')::bigint, (doc->>'persons')::bigint,
       (doc->>'poor_households')::bigint, (doc->>'poor_persons')::bigint, @source
from import_row where doc ?| array['households', 'persons', 'poor_households', 'poor_persons']
