-- Holds a scenario until the transaction ends.
select version, status from qiantu.scenario where county = $1 and id = $2 for update
