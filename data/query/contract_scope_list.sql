-- What each contract of county $1 builds on $2, as known at $3.
select contract, id, road, road_version, lower(span), upper(span)
from qiantu.contract_scope_known($1, $3)
where valid @> $2::date
order by contract, id
