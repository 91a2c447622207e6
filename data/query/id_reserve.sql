-- $2 fresh ids of table $1; they belong to nobody else, committed or not.
select coalesce(array_agg(nextval(source.name)), '{}')
from (select pg_get_serial_sequence($1::text, 'id')::regclass as name) source, generate_series(1, $2::int)
