select village, site from qiantu.move where county = @county and upper_inf(valid)
