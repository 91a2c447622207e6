-- The heights of the terrain model of county $1.
select body
from qiantu.terrain
where county = $1
