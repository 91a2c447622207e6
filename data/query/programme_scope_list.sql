-- The task of each programme of county $1 on $2, as known at $3.
select programme, id, road, road_version, lower(span), upper(span), coalesce(village, 0), responsible, phone
from qiantu.programme_scope_known($1, $3)
where valid @> $2::date
order by programme, id
