-- The referee's network: GDAL's lines cut at every vertex; vertices at the same place are one node.
create table referee.edge as
with way as (
  select way, osm_id, geom,
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
  select way, osm_id, direction, d.path[1] as n, ST_X(d.geom) as x, ST_Y(d.geom) as y from way, ST_DumpPoints(geom) d
),
node as (
  select *, dense_rank() over (order by x, y) as id from vertex
),
pair as (
  select way, osm_id, direction, id as source, lead(id) over w as target, x, y, lead(x) over w as x2, lead(y) over w as y2
  from node window w as (partition by way order by n)
)
select row_number() over () as id, source, target, osm_id, direction, ST_SetSRID(ST_MakeLine(ST_Point(x, y), ST_Point(x2, y2)), 4326) as geom,
       ST_Distance(ST_SetSRID(ST_Point(x, y), 4326)::geography, ST_SetSRID(ST_Point(x2, y2), 4326)::geography) as metres
from pair where target is not null;

create index on referee.edge using gist (geom);

create extension if not exists pgrouting;

create table referee.speed (osm_id text primary key, kmh double precision not null);

create table referee.closed (osm_id text primary key);
