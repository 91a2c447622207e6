-- Reports up to $2 that were known at $3 and not revoked by then.
select move, id::text, stage, households, persons, registered, registered_persons, on_date, recorded_at
from qiantu.move_event
where county = $1 and on_date <= $2::date and recorded_at <= $3 and (revoked_at is null or revoked_at > $3)
order by move, on_date, id
