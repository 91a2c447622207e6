-- The account with login $1, held until the transaction ends, when its rights still stand at $2 (0: wherever they stand).
select id, ($2 = 0 or rights = $2) from qiantu."user" where login = $1 for update
