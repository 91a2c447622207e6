-- Gives units that are stored without a boundary theirs.
update qiantu.region g set geom = ST_Multi(r.geom) from import_row r where r.doc ? 'existing' and g.code = r.doc->>'code'
