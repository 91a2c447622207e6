insert into qiantu.inspection (county, kind, road, road_version, span, on_date, result, pqi_milli, inspector, note, evidence)
select @county, coalesce(doc->>'kind', 'planned'), (doc->>'road')::bigint, (doc->>'road_version')::int,
       int8range((doc->>'from')::bigint, (doc->>'to')::bigint), (doc->>'on_date')::date, doc->>'result', (doc->>'pqi_milli')::bigint,
       coalesce(doc->>'inspector', ''), coalesce(doc->>'note', ''), array[@source::text]
from import_row
