-- The referee's network: GDAL's lines cut at every vertex; vertices at the same place are one node.
create table referee.edge as
with way as (
  select way, geom,
         case when other_tags like '%"oneway"=>"-1"%' then 'backward'
              when other_tags like '%"oneway"=>"yes"%' or other_tags like '%"oneway"=>"true"%' or other_tags like '%"oneway"=>"1"%'
                then 'forward'
              when other_tags like '%"oneway"=>"no"%' then 'both'
              when highway = 'motorway' or other_tags like '%"junction"=>"roundabout"%'
                or other_tags like '%"junction"=>"circular"%' then 'forward'
              else 'both' end as direction
  from referee.way
  where highway in ('motorway', 'trunk', 'primary', 'secondary', 'tertiary', 'unclassified', 'residential', 'living_street',
                    'service', 'track', 'road', 'motorway_link', 'trunk_link', 'primary_link', 'secondary_link', 'tertiary_link')
    and coalesce(substring(other_tags from '"motor_vehicle"=>"([^"]*)"'), substring(other_tags from '"vehicle"=>"([^"]*)"'),
                 substring(other_tags from '"access"=>"([^"]*)"'), '') <> 'no'
),
vertex as (
  select way, direction, d.path[1] as n, ST_X(d.geom) as x, ST_Y(d.geom) as y from way, ST_DumpPoints(geom) d
),
node as (
  select *, dense_rank() over (order by x, y) as id from vertex
),
pair as (
  select way, direction, id as source, lead(id) over w as target, x, y, lead(x) over w as x2, lead(y) over w as y2
  from node window w as (partition by way order by n)
)
select row_number() over () as id, source, target, direction, ST_SetSRID(ST_MakeLine(ST_Point(x, y), ST_Point(x2, y2)), 4326) as geom,
       ST_Distance(ST_SetSRID(ST_Point(x, y), 4326)::geography, ST_SetSRID(ST_Point(x2, y2), 4326)::geography) as metres
from pair where target is not null;

create index on referee.edge using gist (geom);

-- Places and sites stand on the nearest edge, found in the plane of UTM 31 (in degrees the foot would be metres off);
-- pgRouting wants no point quite at its end.
create table referee.spot as
with place as (
  select id as pid, id, ST_SetSRID(geom, 4326) as geom, 'village' as kind from qiantu.village where county = :county
  union all
  select 1000000 + id, id, ST_SetSRID(geom, 4326), 'site' from qiantu.relocation_site where county = :county
)
select p.pid, p.id, p.kind, near.edge_id, near.fraction, near.access
from place p cross join lateral (
  select c.id as edge_id, least(greatest(ST_LineLocatePoint(ST_Transform(c.geom, 25831), ST_Transform(p.geom, 25831)), 1e-6), 1 - 1e-6) as fraction, ST_Distance(c.geom::geography, p.geom::geography) as access
  from (select id, geom from referee.edge e order by e.geom <-> p.geom limit 50) c
  order by ST_Distance(c.geom::geography, p.geom::geography), c.id limit 1) near;

create extension if not exists pgrouting;

select v.id, s.id, c.agg_cost + v.access + s.access
from pgr_withPointsCost(
  'select id, source, target, case when direction = ''backward'' then -1 else metres end as cost,
          case when direction = ''forward'' then -1 else metres end as reverse_cost from referee.edge',
  'select pid, edge_id, fraction, ''b''::char as side from referee.spot',
  (select array_agg(-pid) from referee.spot where kind = 'village'),
  (select array_agg(-pid) from referee.spot where kind = 'site'), true, 'b') c
join referee.spot v on v.pid = -c.start_pid and v.kind = 'village'
join referee.spot s on s.pid = -c.end_pid and s.kind = 'site'
