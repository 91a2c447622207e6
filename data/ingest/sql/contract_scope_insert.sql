insert into qiantu.contract_scope (county, contract, road, road_version, span)
select @county, c.id, (r.doc->>'road')::bigint, (r.doc->>'road_version')::int, int8range((r.doc->>'from')::bigint, (r.doc->>'to')::bigint)
from import_row r
join qiantu.contract c on c.county = @county and c.programme = (r.doc->>'programme')::bigint and c.code = r.doc->>'code'
where r.doc ? 'road'
