-- The set-up token is $1 from now on, where nobody can sign in with a password.
insert into qiantu.setup (token)
select $1 where not exists (select from qiantu."user" where password is not null)
on conflict (only_row) do update set token = excluded.token, used_at = null
