-- Dwelling types of the sites of county $1 on $2, as known at $3.
select site, persons, area_dm2, dwellings from qiantu.dwelling_type_known($1, $3) where valid @> $2::date order by site, persons, area_dm2
