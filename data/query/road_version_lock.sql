-- Versions that a deed ends, as they stand: road, number, first day, whether in force, length.
select number, lower(valid), upper_inf(valid), length_mm
from qiantu.road_version where county = $1 and road = $2 and number = $3
for update
