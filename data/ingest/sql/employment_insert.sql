insert into qiantu.employment (county, site, as_of, households, able_households, employed)
select @county, (doc->>'site')::bigint, (doc->>'as_of')::date, (doc->>'households')::bigint, (doc->>'able_households')::bigint, (doc->>'employed')::bigint
from import_row
on conflict (county, site, as_of) do update set households = excluded.households, able_households = excluded.able_households, employed = excluded.employed
