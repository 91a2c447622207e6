insert into qiantu.move_event (county, move, stage, households, persons, registered, registered_persons, on_date)
select @county, i.id, e.stage, e.households, coalesce(e.persons, 0), coalesce(e.registered, 0), coalesce(e.registered_persons, 0), (i.doc->>'on_date')::date
from import_row i, lateral (values
  ('moved_in', (doc->>'moved_in')::bigint, (doc->>'moved_in_persons')::bigint, (doc->>'moved_in_registered')::bigint, (doc->>'moved_in_registered_persons')::bigint),
  ('demolished', (doc->>'demolished')::bigint, null, null, null),
  ('reclaimed', (doc->>'reclaimed')::bigint, null, null, null)) e (stage, households, persons, registered, registered_persons)
where e.households > 0
