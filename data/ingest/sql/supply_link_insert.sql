insert into qiantu.supply_link (county, project, village)
select @county, id, v::bigint from import_row, lateral (select distinct jsonb_array_elements_text(doc->'serves') as v) served where doc ? 'serves'
