-- Villages of county $1 with their township and count on $2, as known at $3.
select v.id, coalesce(v.code, ''), v.name, v.name_en, v.kind, coalesce(r.township, ''), v.hazard, v.surveyed, v.geom,
       p.as_of, p.households, p.persons, p.poor_households, p.poor_persons, coalesce(p.source, ''),
       c.as_of, c.asked, c.agreed
from qiantu.village_known($1, $3) v
left join qiantu.village_region_known($1, $3) r on r.village = v.id and r.valid @> $2::date
left join (
  select distinct on (village) village, as_of, households, persons, poor_households, poor_persons, source
  from qiantu.population_known($1, $3)
  where as_of <= $2::date
  order by village, as_of desc
) p on p.village = v.id
left join (
  select distinct on (village) village, as_of, asked, agreed
  from qiantu.consent_known($1, $3)
  where as_of <= $2::date
  order by village, as_of desc
) c on c.village = v.id
order by v.id
