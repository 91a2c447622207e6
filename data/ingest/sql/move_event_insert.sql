insert into qiantu.move_event (county, move, stage, households, persons, on_date)
select @county, i.id, e.stage, e.households, coalesce(e.persons, 0), (i.doc->>'on_date')::date
from import_row i, lateral (values
  ('moved_in', (doc->>'moved_in')::bigint, (doc->>'moved_in_persons')::bigint),
  ('demolished', (doc->>'demolished')::bigint, null),
  ('reclaimed', (doc->>'reclaimed')::bigint, null)) e (stage, households, persons)
where e.households > 0
