-- Buildings of county $1, as known at $2.
select site, id, name, dwellings from qiantu.building_known($1, $2) order by site, id
