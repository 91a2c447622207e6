-- Segments of other counties within $4 metres of county $1, in force on $2, as known at $3. A county that is not drawn reaches
-- as far as its villages and segments.
with area as materialized (
  select coalesce(
    (select geom from qiantu.region_known($1, $3) where code = $1),
    (select ST_SetSRID(ST_Extent(geom)::geometry, 4490) from (
       select geom from qiantu.village_known($1, $3) union all select geom from qiantu.road_segment_known($1, $3)) drawn)
  ) as geom
), reach as materialized (
  select geom::geography as place,
         ST_Expand(geom, $4 / (111000 * greatest(cos(radians(greatest(abs(ST_YMin(geom)), abs(ST_YMax(geom))))), 0.02)),
                   $4 / 110000.0) as box
  from area where geom is not null
), near as (
  select id, county, road, road_version, span, valid, class, surface, width_mm, all_season, built, direction, routable,
         township, other_township, other_share_ppm, geom
  from qiantu.road_segment
  where geom && (select box from reach) and county <> $1 and recorded_from <= $3
  union all
  select id, county, road, road_version, span, valid, class, surface, width_mm, all_season, built, direction, routable,
         township, other_township, other_share_ppm, geom
  from qiantu.road_segment_history
  where geom && (select box from reach) and county <> $1 and recorded_from <= $3 and recorded_to > $3
)
select s.id, s.road, s.road_version, lower(s.span), upper(s.span), s.class, s.surface, s.width_mm, s.all_season, s.built,
       s.direction, s.routable, coalesce(s.township, ''), coalesce(s.other_township, ''), coalesce(s.other_share_ppm, 0), s.geom
from near s
join reach on ST_DWithin(s.geom::geography, reach.place, $4)
where s.valid @> $2::date
  and exists (select from qiantu.road_version_known(s.county, $3) v
              where v.road = s.road and v.number = s.road_version and v.valid @> $2::date)
order by s.id
