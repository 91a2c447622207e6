select village, on_date::text from qiantu.water_survey where county = @county
