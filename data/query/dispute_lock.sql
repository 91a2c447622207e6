-- A case that is to be decided: since when it is open, whether it still is, who opened it, and who made its claims.
select lower(valid), upper_inf(valid) and outcome is null, opened_by,
       array(select distinct p.by_user from qiantu.progress p where p.county = $1 and p.id = any(d.claims))
from qiantu.dispute d
where county = $1 and id = $2
for update
