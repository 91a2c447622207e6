-- Adds an edit to a scenario.
insert into qiantu.scenario_edit (county, scenario, edit, by_user, author, from_scenario) values ($1, $2, $3, $4, $5, nullif($6::bigint, 0))
