-- Edits of the scenarios of county $1, or of the one with id $2, in order.
select e.scenario, e.id, e.edit, e.by_user, e.author, coalesce(e.from_scenario, 0), e.recorded_at, r.recorded_at, coalesce(r.by_user, '')
from qiantu.scenario_edit e
left join qiantu.scenario_revocation r on r.county = e.county and r.edit = e.id
where e.county = $1 and ($2::bigint is null or e.scenario = $2)
order by e.scenario, e.id
