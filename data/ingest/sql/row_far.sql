-- Rows more than 100 km from the box of all that the county holds; none where it holds nothing. A geometry within 0.6 degrees
-- is nearer than that at any latitude, which spares the rest the measuring.
with held (geom) as (
  select geom from qiantu.region where county = @county
  union all select seat from qiantu.region where county = @county
  union all select geom from qiantu.village where county = @county
  union all select geom from qiantu.road_version where county = @county
  union all select geom from qiantu.road_segment where county = @county
  union all select geom from qiantu.water_project where county = @county
  union all select geom from qiantu.relocation_site where county = @county
  union all select geom from qiantu.facility where county = @county
  union all select geom from qiantu.reference where county = @county
), box as materialized (
  select ST_SetSRID(ST_Extent(geom)::geometry, 4490) as geom from held
), far as (
  select r.row, r.geom, ST_Distance(r.geom::geography, b.geom::geography) as metres
  from import_row r, box b
  where r.fault is null and not ST_Expand(b.geom, 0.6) ~ r.geom
)
select row, ST_X(p) || ' ' || ST_Y(p), round(metres / 1000)::bigint
from far, ST_PointN(ST_BoundingDiagonal(geom, true), 1) p
where metres > 100000
order by row
