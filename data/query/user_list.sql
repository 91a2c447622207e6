-- All accounts with what they may do and how many sessions are open.
select u.id, u.login, u.name, u.unit, u.rights,
       coalesce((select jsonb_agg(jsonb_build_object('Role', g.role, 'Region', g.region) order by g.role, g.region)
                 from qiantu."grant" g where g."user" = u.id), '[]'),
       u.disabled_at is not null, u.password is not null, u.created_at,
       (select count(*) from qiantu.session s
        where s."user" = u.id and s.expires_at > now() and s.seen_at > now() - interval '12 hours')
from qiantu."user" u
order by u.login
