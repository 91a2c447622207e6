-- Steps of the sites of county $1 as known at $2; the days they have are held against the day by whoever reads them.
select site, step, needed, due, applied, granted, document, note from qiantu.site_approval_known($1, $2) order by site, step
