-- The county asked for; without one, the only one there is.
select code, coalesce(data_date::text, '') from qiantu.region where level = 'county' and (@county = '' or code = @county) order by code limit 2
