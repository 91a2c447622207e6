select programme || ' ' || source, item from qiantu.funding where county = @county and upper_inf(valid)
