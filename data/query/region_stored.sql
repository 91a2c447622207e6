-- The regions among $1 that are stored already.
select code, level, name, name_en, coalesce(parent, ''), geom, seat, data_date, sample, notice, notice_en, attribution
from qiantu.region
where code = any ($1)
