-- The county itself as known at $2.
select code, level, name, name_en, coalesce(parent, ''), geom, seat, data_date, sample, notice, notice_en, attribution
from qiantu.region_known($1, $2)
where code = $1 and level = 'county'
