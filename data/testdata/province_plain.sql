-- Completed length by township as one statement: what the tally of a province is held against. No carry-over, disputes,
-- shares, versions or contracts.
select s.township, sum(upper(piece) - lower(piece))
from (
  select p.county, p.road, range_agg(p.span) as done
  from qiantu.progress p
  where p.stage = 'surface' and p.on_date <= $1
  group by p.county, p.road
) d
join qiantu.road_segment s on s.county = d.county and s.road = d.road
cross join lateral unnest(d.done * int8multirange(s.span)) piece
group by s.township
