-- Whoever holds it on a row's first day holds it up to that day.
update qiantu.duty held set valid = daterange(lower(held.valid), (i.doc->>'from')::date)
from import_row i
where held.county = @county and coalesce(held.township, '') = coalesce(i.doc->>'township', '') and coalesce(held.village, 0) = coalesce((i.doc->>'village')::bigint, 0)
  and held.matter = i.doc->>'matter' and held.valid @> (i.doc->>'from')::date
