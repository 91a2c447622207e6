-- Ends what is stored where the first row of the file begins that replaces it.
update qiantu.funding f
set valid = daterange(lower(f.valid), (select min((i.doc->>'as_of')::date) from import_row i where f.county = @county and f.programme = (i.doc->>'programme')::bigint and f.source = i.doc->>'source' and f.item = coalesce(i.doc->>'item', '') and f.valid @> (i.doc->>'as_of')::date))
where f.county = @county and exists (select from import_row i where f.county = @county and f.programme = (i.doc->>'programme')::bigint and f.source = i.doc->>'source' and f.item = coalesce(i.doc->>'item', '') and f.valid @> (i.doc->>'as_of')::date)
