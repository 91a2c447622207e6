-- Another plan of county $1 that overtook plan $2: approved since the base of that, or in force from a later day on. Its scenario, its
-- day, and whether it is the day that is later. Of several the latest.
select s.name, a.on_date, a.on_date > p.as_of
from qiantu.plan p
join qiantu.scenario own on own.county = p.county and own.id = p.scenario
join qiantu.plan_approval a on a.county = p.county and a.plan <> p.id
join qiantu.plan other on other.county = a.county and other.id = a.plan
join qiantu.scenario s on s.county = other.county and s.id = other.scenario
where p.county = $1 and p.id = $2
  and (a.on_date > p.as_of or a.recorded_at > own.base_at
       or exists (select from qiantu.change c where c.county = a.county and c.layer = 'plan' and c.revision > p.revision and a.plan = any (c.ids)))
order by a.on_date desc, a.recorded_at desc
limit 1
