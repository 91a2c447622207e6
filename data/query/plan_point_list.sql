-- The plan curves of county $1, as known at $2.
select programme, township, on_date, share_ppm
from qiantu.plan_point_known($1, $2)
order by programme, township, on_date
