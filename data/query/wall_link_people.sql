-- Which of the tokens $1 (SHA-256) open the wall of which county.
select token, county, id from qiantu.wall_link where token = any ($1) and revoked_at is null and ends_at > now()
