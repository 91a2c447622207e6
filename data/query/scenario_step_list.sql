-- Steps of the scenarios of county $1, or of the one with id $2, in order.
select scenario, step, reason, by_user, recorded_at
from qiantu.scenario_step
where county = $1 and ($2::bigint is null or scenario = $2)
order by scenario, id
