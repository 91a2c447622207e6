-- The township as written, else the one whose boundary holds the point.
insert into qiantu.village_region (county, village, township)
select @county, i.id, coalesce(i.doc->>'township', t.code)
from import_row i
left join lateral (
  select code from qiantu.region where county = @county and level = 'township' and upper_inf(valid) and ST_Covers(geom, i.geom) order by code limit 1
) t on not i.doc ? 'township'
where coalesce(i.doc->>'township', t.code) is not null
