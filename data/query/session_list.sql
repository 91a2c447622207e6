-- The open sessions of the account with login $1, the latest used first.
select s.created_at, s.seen_at, s.expires_at, s.agent
from qiantu.session s
join qiantu."user" u on u.id = s."user"
where u.login = $1 and s.expires_at > now() and s.seen_at > now() - interval '12 hours'
order by s.seen_at desc
