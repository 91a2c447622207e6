insert into qiantu.region (code, level, name, name_en, parent, county, valid, geom, seat, data_date, attribution)
select doc->>'code', doc->>'level', doc->>'name', coalesce(doc->>'name_en', ''), doc->>'parent', doc->>'county',
       daterange((doc->>'valid_from')::date, (doc->>'valid_to')::date),
       case when ST_Dimension(geom) = 2 then ST_Multi(geom) end, case when ST_Dimension(geom) = 0 then geom end,
       (doc->>'data_date')::date, coalesce(doc->>'attribution', '')
from import_row where not doc ? 'existing'
