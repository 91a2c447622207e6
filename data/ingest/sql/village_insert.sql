insert into qiantu.village (county, id, code, name, name_en, kind, hazard, surveyed, geom, source)
select @county, id, doc->>'code', doc->>'name', coalesce(doc->>'name_en', ''), coalesce(doc->>'kind', 'hamlet'),
       coalesce(doc->>'hazard', 'unknown'), coalesce((doc->>'surveyed')::boolean, false), geom, @source
from import_row
