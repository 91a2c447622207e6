-- The last plan that each scenario of county $1, or the one with id $2, proposed, and how it was answered.
select distinct on (p.scenario) p.id, p.scenario, s.name, p.revision, p.as_of, p.objective, p.value, p.bound, p.money, p.by_user, p.recorded_at,
       a.on_date, coalesce(a.by_user, ''), a.recorded_at, coalesce(a.reason, '')
from qiantu.plan p
join qiantu.scenario s on s.county = p.county and s.id = p.scenario
left join qiantu.plan_approval a on a.county = p.county and a.plan = p.id
where p.county = $1 and ($2::bigint is null or p.scenario = $2)
order by p.scenario, p.id desc
