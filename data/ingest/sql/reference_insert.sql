-- The map draws no collections: their members become rows of their own, with the same attributes.
insert into qiantu.reference (county, layer, kind, name, geom, source)
select @county, coalesce(doc->>'layer', @default_layer), coalesce(doc->>'kind', ''), coalesce(doc->>'name', ''), part.geom, @source
from import_row i, lateral (
  select i.geom where ST_GeometryType(i.geom) <> 'ST_GeometryCollection'
  union all select d.geom from ST_Dump(i.geom) d where ST_GeometryType(i.geom) = 'ST_GeometryCollection'
) part
where not ST_IsEmpty(part.geom)
order by i.row
