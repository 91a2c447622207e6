-- What an inspection found, where what was found before is what the caller saw: null is nothing.
update qiantu.inspection set result = $3, pqi_milli = $4, inspector = $5, note = $6, evidence = $7
where county = $1 and id = $2 and result is not distinct from $8
