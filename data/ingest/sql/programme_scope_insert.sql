insert into qiantu.programme_scope (county, programme, road, road_version, span)
select @county, @programme, coalesce((doc->>'road')::bigint, id), coalesce((doc->>'road_version')::int, 1), int8range(0, length_mm) from import_row
