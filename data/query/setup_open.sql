-- Whether a set-up token waits to be used.
select exists (select from qiantu.setup where used_at is null) and not exists (select from qiantu."user" where password is not null)
