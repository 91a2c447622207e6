-- Who stands behind the sessions $1, as far as they have not ended: by sign-out, by age, by 12 hours without a request, or
-- with the account.
select s.token, u.id, u.login, u.name, u.unit, u.rights,
       coalesce((select jsonb_agg(jsonb_build_object('Role', g.role, 'Region', g.region) order by g.role, g.region)
                 from qiantu."grant" g where g."user" = u.id), '[]')
from qiantu.session s
join qiantu."user" u on u.id = s."user"
where s.token = any ($1) and s.expires_at > now() and s.seen_at > now() - interval '12 hours' and u.disabled_at is null
