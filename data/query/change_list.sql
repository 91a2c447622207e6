-- What the revisions after $1 up to $2 made stale, in commit order.
select revision, county, layer, cells, at
from qiantu.change
where revision > $1 and revision <= $2
order by revision, id
