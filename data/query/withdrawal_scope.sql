-- The task that came with deed $2 of county $1 goes with it; its history keeps it.
delete from qiantu.programme_scope s using qiantu.road_mapping m
where s.county = $1 and m.county = $1 and m.operation = $2 and s.road = m.to_road and s.road_version = m.to_version
