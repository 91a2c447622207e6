-- What the plan of county $1 in force on $2, as known at $3, says of each village.
select v.village, v.decision, coalesce(v.site, 0), v.persons, v.segments
from qiantu.plan_village v
where v.county = $1 and v.plan = (
  select a.plan from qiantu.plan_approval a
  where a.county = $1 and a.on_date <= $2::date and a.recorded_at <= $3
  order by a.on_date desc, a.recorded_at desc, a.plan desc
  limit 1)
order by v.village
