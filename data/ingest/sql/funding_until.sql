-- The day on which money stops to hold: where the next of its item begins, in the file or in the store, and where that ended which it replaces.
update import_row i
set doc = i.doc || jsonb_build_object('until', least(
  (select min((o.doc->>'as_of')::date) from import_row o
   where o.doc->'programme' = i.doc->'programme' and o.doc->>'source' = i.doc->>'source' and coalesce(o.doc->>'item', '') = coalesce(i.doc->>'item', '')
     and (o.doc->>'as_of')::date > coalesce((i.doc->>'as_of')::date, '-infinity')),
  (select min(lower(f.valid)) from qiantu.funding f where f.county = @county and f.programme = (i.doc->>'programme')::bigint and f.source = i.doc->>'source' and f.item = coalesce(i.doc->>'item', '')
     and lower(f.valid) > (i.doc->>'as_of')::date),
  (select upper(f.valid) from qiantu.funding f where f.county = @county and f.programme = (i.doc->>'programme')::bigint and f.source = i.doc->>'source' and f.item = coalesce(i.doc->>'item', '')
     and f.valid @> (i.doc->>'as_of')::date)))
