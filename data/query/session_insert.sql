-- A session with token $1 for account $2, when its rights still stand at $3; agent $4. It lasts seven days at most.
insert into qiantu.session (token, "user", expires_at, agent)
select $1, id, now() + interval '7 days', $4 from qiantu."user" where id = $2 and rights = $3 and disabled_at is null
