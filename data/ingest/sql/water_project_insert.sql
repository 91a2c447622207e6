insert into qiantu.water_project (county, id, code, name, name_en, kind, status, capacity_m3d, dry_capacity_m3d, loss_pct, designed_persons, geom, source)
select @county, id, doc->>'code', doc->>'name', coalesce(doc->>'name_en', ''), coalesce(doc->>'kind', 'other'), coalesce(doc->>'status', 'unknown'),
       (doc->>'capacity_m3d')::float8, (doc->>'dry_capacity_m3d')::float8, (doc->>'loss_pct')::float8,
       (doc->>'designed_persons')::bigint, geom, @source
from import_row
