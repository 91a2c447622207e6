-- Gives units that are stored without a boundary theirs.
update qiantu.region g set geom = ST_Multi(r.geom) from import_row r where r.doc ? 'existing' and r.geom is not null and g.code = r.doc->>'code'
