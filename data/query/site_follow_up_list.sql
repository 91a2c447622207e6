-- What is to be done at the sites of county $1, as known at $2.
select site, id, kind, due, done, amount, responsible, note from qiantu.site_follow_up_known($1, $2) order by site, id
