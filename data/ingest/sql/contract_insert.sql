-- One contract for all its rows. One that is stored keeps what it has, and takes what it has not.
insert into qiantu.contract (county, programme, code, name, contractor, responsible, phone, price_fen, signed, deadline, source)
select @county, (doc->>'programme')::bigint, doc->>'code', coalesce(max(doc->>'name'), ''), coalesce(max(doc->>'contractor'), ''),
       coalesce(max(doc->>'responsible'), ''), coalesce(max(doc->>'phone'), ''), max((doc->>'price')::bigint), max((doc->>'signed')::date),
       max((doc->>'deadline')::date), @source
from import_row
group by doc->>'programme', doc->>'code'
on conflict (county, programme, code) do update set
  name = coalesce(nullif(contract.name, ''), excluded.name), contractor = coalesce(nullif(contract.contractor, ''), excluded.contractor),
  responsible = coalesce(nullif(contract.responsible, ''), excluded.responsible), phone = coalesce(nullif(contract.phone, ''), excluded.phone),
  price_fen = coalesce(contract.price_fen, excluded.price_fen), signed = coalesce(contract.signed, excluded.signed),
  deadline = coalesce(contract.deadline, excluded.deadline)
