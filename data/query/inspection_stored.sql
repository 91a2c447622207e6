-- What an inspection found, as it stands.
select coalesce(result, '') from qiantu.inspection where county = $1 and id = $2
