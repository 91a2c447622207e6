select id::text, coalesce(code, ''), name, coalesce(township, '') from qiantu.road where county = @county order by id
