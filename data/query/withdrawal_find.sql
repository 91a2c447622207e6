-- The deed that made the version in force of road $2 of county $1, if it was not taken back. Its versions are locked.
select o.id, o.kind, o.on_date
from qiantu.road_operation o
where o.county = $1 and o.id = (
  select m.operation
  from qiantu.road_mapping m
  join qiantu.road_version v on v.county = $1 and v.road = m.to_road and v.number = m.to_version and upper_inf(v.valid)
  where m.county = $1 and m.to_road = $2
    and not exists (select from qiantu.road_operation_withdrawal w where w.county = $1 and w.operation = m.operation)
  order by m.operation desc limit 1)
