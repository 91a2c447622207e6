-- Disputes of county $1 among ids $2 as they stand.
select id, road, road_version, lower(span), upper(span), stage, lower(valid), reason, claims, holder, decider, opened_by,
       coalesce(decided_on, upper(valid)), coalesce(outcome, ''), coalesce(awarded, 0), decision, decided_by, evidence,
       cardinality(claims) > 0 and not exists (
         select from unnest(claims) c (id)
         where not exists (select from qiantu.progress_revocation r where r.county = $1 and r.progress = c.id))
from qiantu.dispute
where county = $1 and id = any($2)
