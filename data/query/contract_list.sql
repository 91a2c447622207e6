-- Contracts of county $1, as known at $2.
select id, programme, code, name, contractor, responsible, phone, price_fen, signed, deadline
from qiantu.contract_known($1, $2)
order by id
