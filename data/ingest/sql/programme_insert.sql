insert into qiantu.programme (county, id, code, name, starts, deadline, reported_mm, source)
values (@county, @programme, nullif(@programme_code::text, ''), @programme_name, @starts::date, @deadline::date, @reported_mm, @source)
