insert into qiantu.facility (county, id, kind, code, name, name_en, geom, source)
select @county, id, doc->>'kind', doc->>'code', coalesce(doc->>'name', ''), coalesce(doc->>'name_en', ''), geom, @source from import_row
