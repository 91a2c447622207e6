select id::text, case when count(*) over (partition by code) = 1 then code else '' end, code, programme::text from qiantu.contract where county = @county
union all
select id::text, '', name, programme::text from qiantu.contract where county = @county and name <> '' and name <> code
order by 1
