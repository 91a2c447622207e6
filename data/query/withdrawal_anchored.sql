-- What stands on the versions that deed $2 of county $1 made, but for the task that came with it.
with made as (
  select distinct to_road as road, to_version as number from qiantu.road_mapping where county = $1 and operation = $2 and to_road is not null
)
select count(*) from (
  select from qiantu.progress p join made on made.road = p.road and made.number = p.road_version
   where p.county = $1 and not exists (select from qiantu.progress_revocation r where r.county = $1 and r.progress = p.id)
  union all
  select from qiantu.inspection i join made on made.road = i.road and made.number = i.road_version where i.county = $1
  union all
  select from qiantu.dispute d join made on made.road = d.road and made.number = d.road_version where d.county = $1
  union all
  select from qiantu.contract_scope c join made on made.road = c.road and made.number = c.road_version where c.county = $1
  union all
  select from qiantu.programme_scope s join made on made.road = s.road and made.number = s.road_version
   where s.county = $1 and s.recorded_from > (select recorded_at from qiantu.road_operation where county = $1 and id = $2)
) anchored
