-- The thresholds in force on $2 as known at $3: the county's own, its prefecture's, its province's, the nation's, in this order.
select code, version, climate, litres_good, litres_basic, minutes_good, minutes_basic, distance_good, distance_basic,
       climb_good, climb_basic, reliable_good, reliable_basic
from (
  select code, version, climate, valid, litres_good, litres_basic, minutes_good, minutes_basic, distance_good, distance_basic,
         climb_good, climb_basic, reliable_good, reliable_basic
  from qiantu.water_standard where recorded_from <= $3
  union all
  select code, version, climate, valid, litres_good, litres_basic, minutes_good, minutes_basic, distance_good, distance_basic,
         climb_good, climb_basic, reliable_good, reliable_basic
  from qiantu.water_standard_history where recorded_from <= $3 and recorded_to > $3
) known
where code in ($1, left($1, 4), left($1, 2), '') and valid @> $2::date
order by length(code) desc
