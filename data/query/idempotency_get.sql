-- What was sent under a key, and answered.
select fingerprint, response from qiantu.idempotency where actor = $1 and key = $2
