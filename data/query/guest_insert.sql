-- Everyone may read region $1; given by $2.
insert into qiantu.guest_grant (region, given_by) values ($1, $2)
on conflict do nothing
