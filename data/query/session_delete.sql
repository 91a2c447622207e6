-- Session $1 has ended.
delete from qiantu.session where token = $1
