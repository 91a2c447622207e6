-- Leaves out the rows that were refused.
delete from import_row where fault is not null or row = any (@rows::int[])
