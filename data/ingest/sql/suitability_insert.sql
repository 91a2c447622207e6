insert into qiantu.suitability (county, site, factor, score, excluded, source)
select @county, (doc->>'site')::bigint, doc->>'factor', (doc->>'score')::float8, coalesce((doc->>'excluded')::boolean, false), coalesce(doc->>'attribution', @source::text)
from import_row
