-- Reports up to $2 that were known at $3 and not revoked by then.
select p.id::text, p.road, p.road_version, lower(p.span), upper(p.span), p.stage, p.on_date, p.recorded_at,
       coalesce(p.programme, 0), coalesce(p.contract, 0), p.reporter, p.by_user, p.entered, p.note, p.evidence
from qiantu.progress p
where p.county = $1 and p.on_date <= $2::date and p.recorded_at <= $3
  and not exists (select from qiantu.progress_revocation r where r.county = $1 and r.progress = p.id and r.recorded_at <= $3)
order by p.id
