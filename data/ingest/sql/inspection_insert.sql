-- The file is no evidence; where nothing is noted its name is.
insert into qiantu.inspection (county, kind, road, road_version, span, on_date, result, pqi_milli, inspector, note)
select @county, coalesce(doc->>'kind', 'planned'), (doc->>'road')::bigint, (doc->>'road_version')::int,
       int8range((doc->>'from')::bigint, (doc->>'to')::bigint), (doc->>'on_date')::date, doc->>'result', (doc->>'pqi_milli')::bigint,
       coalesce(doc->>'inspector', ''), coalesce(nullif(doc->>'note', ''), @source::text)
from import_row
