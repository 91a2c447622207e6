-- The bulletin of county $1 on $2 with number $3; 0: the last one. number, body, hash, who, when.
select number, body, hash, by_user, recorded_at
from qiantu.bulletin
where county = $1 and subject = $2 and ($3 = 0 or number = $3)
order by number desc
limit 1
