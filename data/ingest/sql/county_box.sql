-- The box of the county with 20 km around it, as text that goes back as it came; null where the county is not drawn.
select ST_SetSRID(ST_Expand(ST_Extent(geom)::geometry, 0.18 / cos(radians(least(abs(ST_YMax(ST_Extent(geom))), 80))), 0.18), 4490)::text
from qiantu.region
where code = @county and geom is not null
