insert into qiantu.duty (county, level, township, village, matter, unit, person, post, phone, valid, source)
select @county, doc->>'level', doc->>'township', (doc->>'village')::bigint, doc->>'matter', coalesce(doc->>'unit', ''), doc->>'person',
       coalesce(doc->>'post', ''), coalesce(doc->>'phone', ''), daterange((doc->>'from')::date, (doc->>'to')::date), @source
from import_row
