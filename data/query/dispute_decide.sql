-- Closes a case on its day; one that is decided on its first day was valid on that day.
update qiantu.dispute
set valid = daterange(lower(valid), greatest($3::date, lower(valid) + 1)), decided_on = $3::date, outcome = $4, awarded = $5, decision = $6, decided_by = $7, evidence = $8
where county = $1 and id = $2
