-- The pieces of a version that are in force.
select id, lower(span), upper(span) from qiantu.road_segment
where county = $1 and road = $2 and road_version = $3 and upper_inf(valid)
order by lower(span)
