-- Rules that reports of county $1 broke and somebody answered for, as known at $2.
select progress::text, rule, reason, by_user
from qiantu.progress_override
where county = $1 and recorded_at <= $2
order by progress, rule
