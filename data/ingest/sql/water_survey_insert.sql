insert into qiantu.water_survey (county, id, village, on_date, litres_per_day, quality_ok, tap, fetch_minutes, distance_m, climb_m, reliability_pct, close_cost_fen, source)
select @county, id, (doc->>'village')::bigint, (doc->>'on_date')::date, (doc->>'litres_per_day')::float8, (doc->>'quality_ok')::boolean,
       (doc->>'tap')::boolean, (doc->>'fetch_minutes')::float8, (doc->>'distance_m')::float8, (doc->>'climb_m')::float8,
       (doc->>'reliability_pct')::float8, (doc->>'close_cost')::bigint, @source
from import_row
