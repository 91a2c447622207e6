-- The terrain model of county $1, without its heights.
select west, north, dx, dy, columns, rows, digest, source
from qiantu.terrain
where county = $1
