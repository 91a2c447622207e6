insert into qiantu.relocation_site (county, id, code, name, name_en, mode, township, geom, land, source)
select @county, id, doc->>'code', doc->>'name', coalesce(doc->>'name_en', ''), coalesce(doc->>'mode', 'market_town'), doc->>'township', geom, coalesce(doc->>'land', 'unknown'), @source
from import_row
