-- Remembers how the columns of a head were matched.
insert into qiantu.sheet_head (county, township, fingerprint, head_row, columns, by_user) values ($1, $2, $3, $4, $5, $6)
on conflict (county, township, fingerprint) do update
set head_row = excluded.head_row, columns = excluded.columns, by_user = excluded.by_user
