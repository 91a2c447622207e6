-- Costs of the sites of county $1 on $2, as known at $3.
select site, item, fen from qiantu.site_cost_known($1, $3) where valid @> $2::date order by site, item
