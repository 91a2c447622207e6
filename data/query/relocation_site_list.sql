-- Sites of county $1 with their capacity on $2, as known at $3.
select s.id, coalesce(s.code, ''), s.name, s.name_en, s.mode, coalesce(s.township, ''), s.geom, s.land,
       c.households, c.persons, c.jobs, c.water_m3d, c.school_places
from qiantu.relocation_site_known($1, $3) s
left join qiantu.site_capacity_known($1, $3) c on c.site = s.id and c.valid @> $2::date
order by s.id
