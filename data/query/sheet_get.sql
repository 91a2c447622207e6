-- A sheet that was kept.
select hash, name, rows from qiantu.sheet where county = $1 and hash = $2
