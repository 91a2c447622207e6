select v.id::text, coalesce(v.code, ''), v.name, coalesce(r.township, '')
from qiantu.village v left join qiantu.village_region r on r.county = v.county and r.village = v.id and upper_inf(r.valid)
where v.county = @county order by v.id
