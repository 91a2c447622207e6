-- The links to the wall of county $1, those that still open it first.
select id, name, by_user, made_at, ends_at, revoked_at, revoked_by
from qiantu.wall_link
where county = $1
order by (revoked_at is null and ends_at > now()) desc, id desc
limit 200
