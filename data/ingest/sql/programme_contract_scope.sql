insert into qiantu.contract_scope (county, contract, road, road_version, span)
select @county, c.id, coalesce((r.doc->>'road')::bigint, r.id), coalesce((r.doc->>'road_version')::int, 1), int8range(0, r.length_mm)
from import_row r
join qiantu.contract c on c.county = @county and c.programme = @programme and c.code = r.doc->>'contract'
