select id::text, coalesce(code, ''), name, '' from qiantu.water_project where county = @county order by id
