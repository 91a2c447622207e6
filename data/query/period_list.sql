-- The periods of county $1 by day, each with the subjects that are closed and the numbers of their bulletins.
select p.id, p.kind, lower(p.days), upper(p.days) - 1, p.cut_off,
       coalesce(array_agg(b.subject order by b.subject) filter (where b.subject is not null), '{}'),
       coalesce(array_agg(b.number order by b.subject) filter (where b.subject is not null), '{}')
from qiantu.period p
left join qiantu.bulletin b on b.county = p.county and b.period = p.id
where p.county = $1
group by p.county, p.id, p.kind, p.days, p.cut_off
order by lower(p.days), p.kind, p.id
