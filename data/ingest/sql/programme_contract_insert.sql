-- The contracts that the list of a programme names; the rest of them comes with their own list.
insert into qiantu.contract (county, programme, code, source)
select distinct @county, @programme::bigint, doc->>'contract', @source from import_row where doc ? 'contract'
