insert into qiantu.site_approval as held (county, site, step, needed, due, applied, granted, document, note)
select @county, (doc->>'site')::bigint, doc->>'step', coalesce((doc->>'needed')::boolean, true), (doc->>'due')::date, (doc->>'applied')::date,
       (doc->>'granted')::date, coalesce(doc->>'document', ''), coalesce(doc->>'note', '')
from import_row
on conflict (county, site, step) do update set needed = excluded.needed, due = coalesce(excluded.due, held.due), applied = coalesce(excluded.applied, held.applied),
  granted = coalesce(excluded.granted, held.granted), document = coalesce(nullif(excluded.document, ''), held.document), note = coalesce(nullif(excluded.note, ''), held.note)
