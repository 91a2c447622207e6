-- Whoever holds token $1 is the first; nobody is after.
update qiantu.setup set used_at = now()
where token = $1 and used_at is null and not exists (select from qiantu."user" where password is not null)
