-- A list of a site's dwellings takes the place of the one before.
delete from qiantu.dwelling_type where county = @county and site in (select (doc->>'site')::bigint from import_row)
