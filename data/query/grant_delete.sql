-- Account $1 has role $2 in region $3 no more.
delete from qiantu."grant" where "user" = $1 and role = $2 and region = $3
