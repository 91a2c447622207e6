-- The thresholds in force on $2 as known at $3, most specific code first.
select code, version, body
from (
  select code, version, body, valid from qiantu.rule where recorded_from <= $3
  union all
  select code, version, body, valid from qiantu.rule_history where recorded_from <= $3 and recorded_to > $3
) known
where code in ($1, left($1, 4), left($1, 2), '') and valid @> $2::date
order by length(code) desc
limit 1
