-- Whether a report is there, and by whom, when and why it was revoked.
select p.id is not null, r.progress is not null, coalesce(r.by_user, ''), r.recorded_at, coalesce(r.reason, '')
from (select $1::text as county, $2::uuid as id) asked
left join qiantu.progress p on p.county = asked.county and p.id = asked.id
left join qiantu.progress_revocation r on r.county = asked.county and r.progress = asked.id
