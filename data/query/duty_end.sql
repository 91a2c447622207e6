-- Whoever holds a place's matter on $5 holds it up to that day.
update qiantu.duty set valid = daterange(lower(valid), $5)
where county = $1 and coalesce(township, '') = coalesce($2::text, '') and coalesce(village, 0) = coalesce($3::bigint, 0) and matter = $4
  and valid @> $5::date
