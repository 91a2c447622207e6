select c.programme, c.code, s.road, lower(s.span), upper(s.span)
from qiantu.contract c join qiantu.contract_scope s on s.county = c.county and s.contract = c.id and upper_inf(s.valid)
where c.county = @county
