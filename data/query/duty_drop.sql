-- Nobody is to hold a place's matter from $5 on who was to begin then or later; null: nobody at all.
delete from qiantu.duty
where county = $1 and coalesce(township, '') = coalesce($2::text, '') and coalesce(village, 0) = coalesce($3::bigint, 0) and matter = $4
  and ($5::date is null or lower(valid) >= $5)
