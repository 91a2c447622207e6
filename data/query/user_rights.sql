-- What account $1 may do has changed.
update qiantu."user" set rights = rights + 1 where id = $1
