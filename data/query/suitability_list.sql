-- Scores that somebody gave the sites of county $1 on $2, as known at $3.
select site, factor, score, excluded, source from qiantu.suitability_known($1, $3) where valid @> $2::date order by site, factor
