-- Every version that a road of county $1 ever had, in force or not, as known at $2.
select v.road, v.number, v.length_mm, lower(v.valid), upper(v.valid)
from qiantu.road_version_known($1, $2) v
order by v.road, v.number
