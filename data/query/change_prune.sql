-- Forgets changes older than $1, and those beyond the newest $2; says how many.
with cut as (
  select max(revision) as revision from (
    select max(revision) as revision from qiantu.change where at < now() - $1::interval
    union all
    (select revision from qiantu.change where revision is not null order by revision desc offset $2::bigint limit 1)
  ) old
), gone as (
  delete from qiantu.change where revision <= (select revision from cut) returning 1
), marked as (
  update qiantu.revision set pruned = greatest(pruned, cut.revision) from cut where cut.revision is not null
)
select count(*) from gone
