-- From every place to every site, both access legs included; $1 makes a cost of metres and of the speed in metres per second,
-- $2 says whether directions count, $3 is the speed of the access legs (1 for metres).
select v.id, s.id, c.agg_cost + (v.access + s.access) / $3
from pgr_withPointsCost(
  'select e.id, source, target, case when direction = ''backward'' then -1 else ' || $1 || ' end as cost,
          case when direction = ''forward'' then -1 else ' || $1 || ' end as reverse_cost
   from referee.edge e join referee.speed using (osm_id) where osm_id not in (select osm_id from referee.closed)',
  'select pid, edge_id, fraction, ''b''::char as side from referee.spot',
  (select array_agg(-pid) from referee.spot where kind = 'village'),
  (select array_agg(-pid) from referee.spot where kind = 'site'), $2, 'b') c
join referee.spot v on v.pid = -c.start_pid and v.kind = 'village'
join referee.spot s on s.pid = -c.end_pid and s.kind = 'site'
