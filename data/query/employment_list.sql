-- The latest count of jobs of every site of county $1 on or before $2, as known at $3.
select distinct on (site) site, as_of, households, able_households, employed
from qiantu.employment_known($1, $3)
where as_of <= $2::date
order by site, as_of desc
