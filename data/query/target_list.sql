-- Targets of the whole county $1 in force on $2, as known at $3.
select metric, value, deadline
from qiantu.target_known($1, $3)
where scope = 'region:' || $1 and valid @> $2::date
order by id
