-- What documents print as sums of the money of county $1 on $2, as known at $3.
select id, programme, source, planned_fen, allocated_fen, paid_fen, document
from qiantu.funding_total_known($1, $3)
where valid @> $2::date
order by id
