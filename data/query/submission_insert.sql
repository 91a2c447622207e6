-- What came in. Of many retries of one id the first is stored; the others wait for it, and insert nothing.
insert into qiantu.submission (county, id, body, digest, status, findings, progress, by_user, device_time, answer, answered_by, answered_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (county, id) do nothing
