insert into qiantu.plan_point (county, programme, township, on_date, share_ppm)
select @county, (doc->>'programme')::bigint, coalesce(doc->>'township', ''), (doc->>'on_date')::date, (doc->>'share_ppm')::bigint from import_row
