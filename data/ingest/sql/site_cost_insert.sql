insert into qiantu.site_cost (county, site, item, fen)
select @county, (doc->>'site')::bigint, doc->>'item', (doc->>'amount')::bigint from import_row
