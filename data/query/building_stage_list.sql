-- Reports up to $2 that were known at $3 and not revoked by then.
select building, id::text, stage, on_date, recorded_at
from qiantu.building_stage
where county = $1 and on_date <= $2::date and recorded_at <= $3 and (revoked_at is null or revoked_at > $3)
order by building, on_date, id
