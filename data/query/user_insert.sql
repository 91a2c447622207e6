-- A new account: login $1, name $2, unit $3, hash of the password $4 or nothing.
insert into qiantu."user" (login, name, unit, password) values ($1, $2, $3, nullif($4, ''))
on conflict (login) do nothing
returning id
