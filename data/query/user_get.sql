-- The account with login $1, and the hash of its password.
select u.id, u.login, u.name, u.unit, u.rights,
       coalesce((select jsonb_agg(jsonb_build_object('Role', g.role, 'Region', g.region) order by g.role, g.region)
                 from qiantu."grant" g where g."user" = u.id), '[]'),
       u.disabled_at is not null, u.password is not null, u.created_at,
       (select count(*) from qiantu.session s
        where s."user" = u.id and s.expires_at > now() and s.seen_at > now() - interval '12 hours'),
       coalesce(u.password, '')
from qiantu."user" u
where u.login = $1
