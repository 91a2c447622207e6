-- Places and sites stand on the nearest edge that is open, found in the plane of UTM 31 (in degrees the foot would be metres off);
-- pgRouting wants no point quite at its end.
create table referee.spot as
with place as (
  select id as pid, id, ST_SetSRID(geom, 4326) as geom, 'village' as kind from qiantu.village where county = $1
  union all
  select 1000000 + id, id, ST_SetSRID(geom, 4326), 'site' from qiantu.relocation_site where county = $1
)
select p.pid, p.id, p.kind, near.edge_id, near.fraction, near.access
from place p cross join lateral (
  select c.id as edge_id, least(greatest(ST_LineLocatePoint(ST_Transform(c.geom, 25831), ST_Transform(p.geom, 25831)), 1e-6), 1 - 1e-6) as fraction, ST_Distance(c.geom::geography, p.geom::geography) as access
  from (select id, geom from referee.edge e where osm_id not in (select osm_id from referee.closed) order by e.geom <-> p.geom limit 50) c
  order by ST_Distance(c.geom::geography, p.geom::geography), c.id limit 1) near
