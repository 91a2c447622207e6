-- How often each scenario of county $1 has changed.
select id, version from qiantu.scenario where county = $1 order by id
