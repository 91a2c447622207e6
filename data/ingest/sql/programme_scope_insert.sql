insert into qiantu.programme_scope (county, programme, road, road_version, span, village, responsible, phone)
select @county, @programme, coalesce((doc->>'road')::bigint, id), coalesce((doc->>'road_version')::int, 1), int8range(0, length_mm),
       (doc->>'village_id')::bigint, coalesce(doc->>'responsible', ''), coalesce(doc->>'phone', '')
from import_row
