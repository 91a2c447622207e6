select id::text, coalesce(code, ''), name, coalesce(township, '') from qiantu.relocation_site where county = @county order by id
