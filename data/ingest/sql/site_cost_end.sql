delete from qiantu.site_cost held using import_row i
where held.county = @county and held.site = (i.doc->>'site')::bigint and held.item = i.doc->>'item'
