-- Whether anyone can sign in with a password, and what who has not signed in may read.
select exists (select from qiantu."user" where password is not null), coalesce(array_agg(region order by region), '{}') from qiantu.guest_grant
