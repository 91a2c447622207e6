-- A file with what is in it.
select hash, name, media, taken_at, place, by_user, body from qiantu.attachment where county = $1 and hash = $2
