-- The plan of county $1 in force on $2, as known at $3.
select p.id, p.scenario, s.name, p.revision, p.as_of, p.objective, p.value, p.bound, p.money, p.by_user, p.recorded_at,
       a.on_date, a.by_user, a.recorded_at, a.reason
from qiantu.plan_approval a
join qiantu.plan p on p.county = a.county and p.id = a.plan
join qiantu.scenario s on s.county = p.county and s.id = p.scenario
where a.county = $1 and a.on_date <= $2::date and a.recorded_at <= $3
order by a.on_date desc, a.recorded_at desc, a.plan desc
limit 1
