-- Revokes a report, once and for ever.
insert into qiantu.progress_revocation (county, progress, reason, by_user)
select $1::text, id, $3, $4 from qiantu.progress where county = $1::text and id = $2
on conflict (county, progress) do nothing
