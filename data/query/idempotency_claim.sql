-- Takes a key, unless it is taken. Who comes at the same time waits.
insert into qiantu.idempotency (actor, key, fingerprint, status) values ($1, $2, $3, 0)
on conflict (actor, key) do nothing
