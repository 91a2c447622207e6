-- Keeps what a scenario proposes.
insert into qiantu.plan (county, scenario, revision, as_of, objective, value, bound, money, by_user)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
returning id
