-- The latest day any fact of county $1 known at $2 speaks of.
select max(day) from (
  select max(on_date) as day from qiantu.progress where county = $1 and recorded_at <= $2
  union all
  select max(as_of) from qiantu.population_known($1, $2)
  union all
  select max(on_date) from qiantu.water_survey_known($1, $2)
  union all
  select max(on_date) from qiantu.building_stage where county = $1 and recorded_at <= $2
  union all
  select max(on_date) from qiantu.move_event where county = $1 and recorded_at <= $2
  union all
  select max(as_of) from qiantu.employment_known($1, $2)
  union all
  select max(as_of) from qiantu.consent_known($1, $2)
  union all
  select max(on_date) from qiantu.inspection_known($1, $2) where result is not null
) facts
