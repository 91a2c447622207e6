-- Every version that a road of county $1 ever had, in force or not, as known at $2. One whose deed was taken back begins and
-- ends on a day that does not come.
select v.road, v.number, v.length_mm,
       case when isempty(v.valid) then '9999-12-31' else lower(v.valid) end, case when isempty(v.valid) then '9999-12-31' else upper(v.valid) end
from qiantu.road_version_known($1, $2) v
order by v.road, v.number
