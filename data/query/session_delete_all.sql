-- All sessions of account $1 have ended, but $2.
delete from qiantu.session where "user" = $1 and token is distinct from $2
