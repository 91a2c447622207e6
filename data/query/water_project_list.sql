-- Water works of county $1 and whom they serve on $2, as known at $3.
select p.id, coalesce(p.code, ''), p.name, p.kind, p.status, p.capacity_m3d, p.dry_capacity_m3d, p.loss_pct, p.designed_persons, p.geom,
       coalesce((select array_agg(l.village order by l.village) from qiantu.supply_link_known($1, $3) l
                 where l.project = p.id and l.valid @> $2::date), '{}')
from qiantu.water_project_known($1, $3) p
order by p.id
