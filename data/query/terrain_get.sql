-- The terrain model of county $1, without its heights.
select west, north, dx, dy, columns, rows, digest
from qiantu.terrain
where county = $1
