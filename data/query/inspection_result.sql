-- What an inspection found.
update qiantu.inspection set result = $3, pqi_milli = $4, inspector = $5, note = $6, evidence = $7
where county = $1 and id = $2
