-- Disputes of county $1 opened up to $2, as known at $3. One that is decided later is still open on that day.
-- The last column: it named reports, and every one of them was revoked by then.
select id, road, road_version, lower(span), upper(span), stage, lower(valid), reason, claims, holder, decider, opened_by,
       case when done then decided end,
       case when done then coalesce(outcome, 'stands') else '' end,
       case when done then coalesce(awarded, 0) else 0 end,
       case when done then decision else '' end,
       case when done then decided_by else '' end,
       case when done then evidence else '{}' end,
       cardinality(claims) > 0 and not exists (
         select from unnest(claims) c (id)
         where not exists (select from qiantu.progress_revocation r where r.county = $1 and r.progress = c.id and r.recorded_at <= $3))
from (select *, coalesce(decided <= $2::date, false) as done
      from (select *, coalesce(decided_on, upper(valid)) as decided from qiantu.dispute_known($1, $3)) k) d
where coalesce(lower(valid) <= $2::date, true)
order by id
