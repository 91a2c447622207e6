-- Moves a submission on that still needs attention.
update qiantu.submission
set status = $3, findings = $4, progress = $5, answer = $6, answered_by = $7, answered_at = now()
where county = $1 and id = $2 and status = 'held'
