select id::text, coalesce(code, ''), name, '' from qiantu.programme where county = @county order by id
