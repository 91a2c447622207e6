-- Approves a plan; it is in force from its day on.
insert into qiantu.plan_approval (county, plan, on_date, reason, by_user) select county, id, as_of, $3, $4 from qiantu.plan where county = $1 and id = $2
