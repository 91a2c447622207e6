-- Unit $1 and the counties below it that hold roads, as known at $2; the unit stands first.
with recursive below as (
  select code, level, name, name_en from qiantu.region where code = $1
  union
  select r.code, r.level, r.name, r.name_en from qiantu.region r join below b on r.parent = b.code where r.level <> 'village'
)
select code, level, name, name_en from below
where code = $1 or level = 'county' and exists (select from qiantu.road d where d.county = below.code)
order by code <> $1, code
