-- Reference geometry of county $1 on $2, as known at $3.
select id, layer, kind, name, geom
from qiantu.reference_known($1, $3)
where valid @> $2::date
order by id
