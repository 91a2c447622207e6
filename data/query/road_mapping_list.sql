-- What became of metres of county $1 on any day, as known at $2.
select m.id, m.operation, o.on_date, m.kind,
       coalesce(m.from_road, 0), coalesce(m.from_version, 0), coalesce(lower(m.from_span), 0), coalesce(upper(m.from_span), 0),
       coalesce(m.to_road, 0), coalesce(m.to_version, 0), coalesce(lower(m.to_span), 0), coalesce(upper(m.to_span), 0), m.reversed
from qiantu.road_mapping m
join qiantu.road_operation o on o.county = $1 and o.id = m.operation and o.recorded_at <= $2
where m.county = $1 and m.recorded_from <= $2
  and not exists (select from qiantu.road_operation_withdrawal w where w.county = $1 and w.operation = m.operation and w.recorded_at <= $2)
order by m.id
