insert into qiantu.site_follow_up as held (county, site, kind, due, done, amount, responsible, note)
select @county, (doc->>'site')::bigint, doc->>'kind', (doc->>'due')::date, (doc->>'done')::date, (doc->>'amount')::bigint,
       coalesce(doc->>'responsible', ''), coalesce(doc->>'note', '')
from import_row
on conflict (county, site, kind, due) do update set done = coalesce(excluded.done, held.done), amount = coalesce(excluded.amount, held.amount),
  responsible = coalesce(nullif(excluded.responsible, ''), held.responsible), note = coalesce(nullif(excluded.note, ''), held.note)
