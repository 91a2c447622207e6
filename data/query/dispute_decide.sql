-- Closes a case on its day.
update qiantu.dispute
set valid = daterange(lower(valid), $3::date), outcome = $4, awarded = $5, decision = $6, decided_by = $7, evidence = $8
where county = $1 and id = $2
