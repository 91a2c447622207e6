-- Takes a scenario a step on.
update qiantu.scenario set status = $3, reason = $4, changed_by = $5 where county = $1 and id = $2
