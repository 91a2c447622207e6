-- Puts unit $1 under unit $2, where both are there.
update qiantu.region set parent = $2 where code = $1 and exists (select from qiantu.region where code = $2)
