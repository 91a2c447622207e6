-- Nobody is to hold what a row gives away who was to begin on its first day or later.
delete from qiantu.duty held using import_row i
where held.county = @county and coalesce(held.township, '') = coalesce(i.doc->>'township', '') and coalesce(held.village, 0) = coalesce((i.doc->>'village')::bigint, 0)
  and held.matter = i.doc->>'matter' and (i.doc->>'from' is null or lower(held.valid) >= (i.doc->>'from')::date)
