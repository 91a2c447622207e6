-- Ends the printed total of programme $2 of county $1 that holds on day $3.
update qiantu.funding_total set valid = daterange(lower(valid), $3::date)
where county = $1 and programme = $2 and source = '' and valid @> $3::date
