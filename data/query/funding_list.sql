-- The money of each programme of county $1 on $2, as known at $3.
select id, programme, source, item, planned_fen, allocated_fen, paid_fen
from qiantu.funding_known($1, $3)
where valid @> $2::date
order by id
