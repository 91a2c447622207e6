-- Hand-made warnings of county $1 in force on $2, as known at $3.
select id, township, level, reason, lower(valid)
from qiantu.warning_known($1, $3)
where valid @> $2::date
order by id
