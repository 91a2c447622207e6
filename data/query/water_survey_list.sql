-- The latest survey of each village up to $2, as known at $3.
select id, village, on_date, litres_per_day, quality_ok, tap, fetch_minutes, distance_m, climb_m, reliability_pct, close_cost_fen,
       source
from (
  select distinct on (village) *
  from qiantu.water_survey_known($1, $3)
  where on_date <= $2::date
  order by village, on_date desc
) latest
order by id
