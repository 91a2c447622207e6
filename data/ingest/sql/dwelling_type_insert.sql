insert into qiantu.dwelling_type (county, site, persons, area_dm2, dwellings)
select @county, (doc->>'site')::bigint, (doc->>'persons')::int, (doc->>'area_dm2')::bigint, (doc->>'dwellings')::bigint from import_row
