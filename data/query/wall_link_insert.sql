-- A link to the wall of county $1 by the SHA-256 of its token, made by $4, up to $5.
insert into qiantu.wall_link (county, token, name, by_user, ends_at) values ($1, $2, $3, $4, $5) returning id
