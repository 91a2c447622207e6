-- The version in force of every route: its number, measure, whether it is drawn, and its calibration.
select road, number, length_mm, geom is not null, calibration_at, calibration_k
from qiantu.road_version where county = @county and upper_inf(valid)
