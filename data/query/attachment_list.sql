-- Photos and files of county $1 that had come by $2, without what is in them.
select hash, name, media, taken_at, place, by_user
from qiantu.attachment
where county = $1 and recorded_at <= $2
order by hash
