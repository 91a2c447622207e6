-- The box around county $1: of its boundary, its villages and its segments; no row where there is no such county, nulls where nothing is drawn.
select ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
from (
  select (select ST_Extent(geom)::geometry from (
            select geom from qiantu.region where code = $1
            union all
            select geom from qiantu.village where county = $1
            union all
            select geom from qiantu.road_segment where county = $1) drawn) as box
  from qiantu.region
  where code = $1 and level = 'county'
) area
