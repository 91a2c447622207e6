-- Rows whose geometry was refused, in file order.
select row, fault, coalesce(detail, '') from import_row where fault is not null order by row
