-- What plan $2 of county $1 says of each village.
select village, decision, coalesce(site, 0), persons, segments from qiantu.plan_village where county = $1 and plan = $2 order by village
