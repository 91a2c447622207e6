-- One piece over the whole of each new route.
insert into qiantu.road_segment (county, road, span, class, surface, width_mm, all_season, built, township, geom, source)
select @county, id, int8range(0, length_mm), coalesce(doc->>'class', 'unknown'), coalesce(doc->>'surface', 'unknown'), (doc->>'width')::bigint,
       coalesce(doc->>'all_season', 'unknown'), coalesce(doc->>'built', 'unknown'), doc->>'township', geom, @source
from import_row where not doc ? 'road'
