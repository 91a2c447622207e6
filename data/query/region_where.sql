-- What an unknown county code may have been: its level and county now, and when it was first known.
select r.level, r.county,
       least(r.recorded_from, (select min(h.recorded_from) from qiantu.region_history h where h.code = r.code))
from qiantu.region r
where r.code = $1
