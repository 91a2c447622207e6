select distinct programme::text, township from qiantu.plan_point where county = @county
