insert into qiantu.consent (county, village, as_of, asked, agreed, source)
select @county, (doc->>'village')::bigint, (doc->>'as_of')::date, (doc->>'asked')::bigint, (doc->>'agreed')::bigint, coalesce(doc->>'attribution', @source::text)
from import_row
on conflict (county, village, as_of) do update set asked = excluded.asked, agreed = excluded.agreed, source = excluded.source
