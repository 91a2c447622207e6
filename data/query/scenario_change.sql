-- Changes what a scenario is called and asks.
update qiantu.scenario
set name = $3, note = $4, changed_by = $5,
    season = nullif($6::text, ''), connect_mm = nullif($7::bigint, 0), rai_mm = nullif($8::bigint, 0), walk_ms = nullif($9::bigint, 0),
    yuan_per_km = nullif($10::bigint, 0), yuan_per_person = nullif($11::bigint, 0), interim = nullif($12::bigint, 0),
    leave = $13, upkeep = $14, haul = $15, budget = $16, objective = nullif($17::text, '')
where county = $1 and id = $2
