-- What of account $1 becomes something else: name $2, unit $3, hash of the password $4, disabled $5; null stays.
update qiantu."user" set
  name = coalesce($2, name), unit = coalesce($3, unit), password = coalesce($4, password),
  disabled_at = case when $5 then coalesce(disabled_at, now()) when not $5 then null else disabled_at end,
  rights = rights + 1
where id = $1
