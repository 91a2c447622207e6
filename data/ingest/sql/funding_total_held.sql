-- Whether programme $2 of county $1 has a printed total from day $3 (null: any at all), and the day on which one from then on stops to hold.
select coalesce(bool_or(lower(valid) = $3::date or $3::date is null), false),
       least(min(lower(valid)) filter (where lower(valid) > $3::date), min(upper(valid)) filter (where valid @> $3::date))::text
from qiantu.funding_total
where county = $1 and programme = $2 and source = ''
