-- Every county with the box of its geometry and how many things it holds.
with counted as (
  select county, 'village' as layer, count(*) as n, ST_Extent(geom)::geometry as box from qiantu.village group by county
  union all
  select county, 'road', count(*), null from qiantu.road group by county
  union all
  select county, 'road_segment', count(*), ST_Extent(geom)::geometry from qiantu.road_segment group by county
  union all
  select county, 'water_project', count(*), ST_Extent(geom)::geometry from qiantu.water_project group by county
  union all
  select county, 'relocation_site', count(*), ST_Extent(geom)::geometry from qiantu.relocation_site group by county
  union all
  select code, null, 0, geom from qiantu.region where level = 'county'
), summed as (
  select county, ST_Extent(box)::geometry as box, jsonb_object_agg(layer, n) filter (where layer is not null) as counts
  from counted group by county
)
select r.code, r.level, r.name, r.name_en, coalesce(r.parent, ''), r.geom, r.seat, r.data_date, r.sample, r.notice, r.notice_en,
       r.attribution, ST_XMin(s.box), ST_YMin(s.box), ST_XMax(s.box), ST_YMax(s.box), coalesce(s.counts, '{}')
from qiantu.region r
join summed s on s.county = r.code
where r.level = 'county'
order by r.code
