-- Takes the measured or declared length of each route.
update import_row r set length_mm = m.length_mm
from unnest(@rows::int[], @lengths::bigint[]) as m (row, length_mm)
where r.row = m.row
