-- Moves of county $1 planned on $2, as known at $3.
select id, village, site, households, persons, registered, registered_persons, eligible
from qiantu.move_known($1, $3)
where valid @> $2::date
order by id
