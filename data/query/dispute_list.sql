-- Disputes of county $1 open on $2, as known at $3.
select id, road, road_version, lower(span), upper(span), lower(valid), reason
from qiantu.dispute_known($1, $3)
where valid @> $2::date
order by id
