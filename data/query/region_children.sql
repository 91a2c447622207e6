-- The units right below county $1 in force on $2, as known at $3.
select code, level, name, name_en, coalesce(parent, ''), geom, seat, data_date, sample, notice, notice_en, attribution
from qiantu.region_known($1, $3)
where parent = $1 and valid @> $2::date
order by code
