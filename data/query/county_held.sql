-- The first noun that county $1 already holds rows of; no row when it holds only regions.
select noun from (
  select 'village' as noun where exists (select from qiantu.village where county = $1)
  union all select 'road' where exists (select from qiantu.road where county = $1)
  union all select 'programme' where exists (select from qiantu.programme where county = $1)
  union all select 'water_project' where exists (select from qiantu.water_project where county = $1)
  union all select 'relocation_site' where exists (select from qiantu.relocation_site where county = $1)
  union all select 'facility' where exists (select from qiantu.facility where county = $1)
  union all select 'reference' where exists (select from qiantu.reference where county = $1)
  union all select 'warning' where exists (select from qiantu.warning where county = $1)
  union all select 'target' where exists (select from qiantu.target where county = $1)
) held
limit 1
