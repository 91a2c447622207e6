insert into qiantu.funding (county, programme, source, item, planned_fen, allocated_fen, paid_fen, valid)
select @county, (doc->>'programme')::bigint, doc->>'source', coalesce(doc->>'item', ''), (doc->>'planned')::bigint, (doc->>'allocated')::bigint,
       (doc->>'paid')::bigint, daterange((doc->>'as_of')::date, (doc->>'until')::date)
from import_row
order by row
