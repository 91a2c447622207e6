-- Takes back an edit of a scenario that stands; no row: there is none.
insert into qiantu.scenario_revocation (county, edit, by_user)
select e.county, e.id, $4 from qiantu.scenario_edit e
where e.county = $1 and e.scenario = $2 and e.id = $3
  and not exists (select from qiantu.scenario_revocation r where r.county = e.county and r.edit = e.id)
