-- Who did what, in the transaction of the deed.
insert into qiantu.audit (actor, action, county, object, detail) values ($1, $2, nullif($3, ''), $4, $5)
