-- Takes the link $2 of county $1 back, unless that has been done.
update qiantu.wall_link set revoked_at = now(), revoked_by = $3 where county = $1 and id = $2 and revoked_at is null
