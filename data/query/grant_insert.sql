-- Account $1 has role $2 in region $3, given by $4.
insert into qiantu."grant" ("user", role, region, given_by) values ($1, $2, $3, $4)
on conflict do nothing
