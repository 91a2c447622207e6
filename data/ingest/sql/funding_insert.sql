insert into qiantu.funding (county, programme, source, item, planned_fen, allocated_fen, paid_fen)
select @county, (doc->>'programme')::bigint, doc->>'source', coalesce(doc->>'item', ''), (doc->>'planned')::bigint, (doc->>'allocated')::bigint,
       (doc->>'paid')::bigint
from import_row
