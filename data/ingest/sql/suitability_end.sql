delete from qiantu.suitability held using import_row i
where held.county = @county and held.site = (i.doc->>'site')::bigint and held.factor = i.doc->>'factor'
