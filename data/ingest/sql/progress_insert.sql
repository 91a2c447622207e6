-- The id comes from the content, so that a file imported twice reports once. The file is no evidence; where nothing is noted its name is.
insert into qiantu.progress (county, id, road, road_version, span, stage, on_date, programme, contract, reporter, note)
select @county, md5(concat_ws('|', @county::text, doc->>'road', doc->>'road_version', doc->>'from', doc->>'to', doc->>'stage', doc->>'on_date', doc->>'programme'))::uuid,
       (doc->>'road')::bigint, (doc->>'road_version')::int, int8range((doc->>'from')::bigint, (doc->>'to')::bigint),
       doc->>'stage', (doc->>'on_date')::date, (doc->>'programme')::bigint, (doc->>'contract')::bigint, coalesce(doc->>'reporter', ''),
       coalesce(nullif(doc->>'note', ''), @source::text)
from import_row
on conflict (county, id) do nothing
