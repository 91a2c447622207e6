insert into qiantu.road_segment (county, id, road, road_version, span, class, surface, width_mm, all_season, built, township, source)
select @county, id, (doc->>'road')::bigint, (doc->>'road_version')::int, int8range((doc->>'from')::bigint, (doc->>'to')::bigint),
       coalesce(doc->>'class', 'unknown'), coalesce(doc->>'surface', 'unknown'), (doc->>'width')::bigint,
       coalesce(doc->>'all_season', 'unknown'), coalesce(doc->>'built', 'unknown'), doc->>'township', @source
from import_row
