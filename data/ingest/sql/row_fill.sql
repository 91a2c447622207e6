-- Reads the geometry of every staged row, and numbers the rows that will need an identity.
insert into import_row (row, id, doc, geom, fault, detail, flat)
select s.row, case when @table::text <> '' then nextval(pg_get_serial_sequence(@table, 'id')) end, s.doc, p.geom, p.fault, p.detail, p.flat
from import_stage s, pg_temp.import_place(s.shape, @srid, @types, @box, @low, @high) p
order by s.row
