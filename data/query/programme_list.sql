-- Programmes of county $1 with their money on $2, as known at $3.
select p.id, coalesce(p.code, ''), p.name, p.name_en, p.kind, p.starts, p.deadline, p.completing_stage, p.surface, p.all_season,
       f.planned, f.paid, p.reported_mm
from qiantu.programme_known($1, $3) p
left join (
  select programme, sum(planned_fen)::bigint as planned, sum(paid_fen)::bigint as paid
  from qiantu.funding_known($1, $3)
  where valid @> $2::date
  group by programme
) f on f.programme = p.id
order by p.id
