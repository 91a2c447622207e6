-- Who is responsible for what of county $1 on $2, as known at $3.
select id, level, coalesce(township, ''), coalesce(village, 0), matter, unit, person, post, phone, lower(valid), upper(valid), by_user
from qiantu.duty_known($1, $3)
where valid @> $2::date
order by id
