-- Segments of other counties within $4 metres of county $1, in force on $2, as known at $3. A county that is not drawn reaches
-- as far as its villages and segments. A road on the boundary that both counties keep is the county's own: what lies within $5 metres of
-- its own roads all along is left out. Those of a county made of OpenStreetMap meet at common vertices.
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
       s.direction, s.routable, coalesce(s.township, ''), coalesce(s.other_township, ''), coalesce(s.other_share_ppm, 0), s.geom,
       s.county like 'osm:%'
from near s
join reach on ST_DWithin(s.geom::geography, reach.place, $4)
cross join lateral (
  select $5 / 110000.0 as high, $5 / (111000 * greatest(cos(radians(ST_Y(ST_StartPoint(s.geom)))), 0.02)) as wide
) room
left join lateral (
  select ST_Collect(o.geom) as geom
  from (
    select geom, valid, recorded_from, 'infinity'::timestamptz as recorded_to from qiantu.road_segment
    where county = $1 and geom && ST_Expand(s.geom, room.wide, room.high)
    union all
    select geom, valid, recorded_from, recorded_to from qiantu.road_segment_history
    where county = $1 and geom && ST_Expand(s.geom, room.wide, room.high)
  ) o
  where o.valid @> $2::date and o.recorded_from <= $3 and (o.recorded_to > $3 or o.recorded_to = 'infinity')
) own on ST_NPoints(s.geom) > 1
where s.valid @> $2::date
  and exists (select from qiantu.road_version_known(s.county, $3) v
              where v.road = s.road and v.number = s.road_version and v.valid @> $2::date)
  and (own.geom is null
       or not ST_DWithin(own.geom, ST_StartPoint(s.geom), room.wide)
       or not ST_DWithin(own.geom, ST_EndPoint(s.geom), room.wide)
       or not ST_CoveredBy(s.geom, ST_Buffer(own.geom, room.wide)))
order by s.id
