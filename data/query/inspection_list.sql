-- Inspections of county $1 held up to $2, and those still to be held, as known at $3.
select id, kind, road, road_version, lower(span), upper(span), on_date, coalesce(result, ''), pqi_milli, inspector, note, evidence,
       seed, by_user
from qiantu.inspection_known($1, $3)
where on_date <= $2::date or result is null
order by id
