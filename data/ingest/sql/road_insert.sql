-- New routes; a row with a road belongs to one that is stored already.
insert into qiantu.road (county, id, code, name, name_en, class, township, source)
select @county, id, doc->>'code', coalesce(doc->>'name', ''), coalesce(doc->>'name_en', ''), coalesce(doc->>'class', 'unknown'), doc->>'township', @source
from import_row where not doc ? 'road'
