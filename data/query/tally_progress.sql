-- Reports of the stages $4 of county $1 up to $2 that were known at $3 and not revoked by then: what lengths need of them.
select p.road, p.road_version, lower(p.span), upper(p.span), p.stage, p.on_date - '0001-01-01'::date + 1, coalesce(p.programme, 0),
       coalesce(p.contract, 0)
from qiantu.progress p
where p.county = $1 and p.stage = any ($4) and p.on_date <= $2::date and p.recorded_at <= $3
  and not exists (select from qiantu.progress_revocation r where r.county = $1 and r.progress = p.id and r.recorded_at <= $3)
