-- Notes what happened to a scenario.
insert into qiantu.scenario_step (county, scenario, step, reason, by_user) values ($1, $2, $3, $4, $5)
