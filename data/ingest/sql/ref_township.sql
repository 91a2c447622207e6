select code, code, name, '' from qiantu.region where county = @county and level = 'township' and upper_inf(valid) order by code
