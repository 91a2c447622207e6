-- What a write answered.
update qiantu.idempotency set status = 200, response = $3 where actor = $1 and key = $2
