insert into qiantu.move (county, id, village, site, households, persons, registered, registered_persons, eligible)
select @county, id, (doc->>'village')::bigint, (doc->>'site')::bigint, (doc->>'households')::bigint, (doc->>'persons')::bigint,
       coalesce((doc->>'registered')::bigint, 0), coalesce((doc->>'registered_persons')::bigint, 0), (doc->>'eligible')::bigint
from import_row
