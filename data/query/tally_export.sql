-- The name under which other connections can read what this transaction reads.
select pg_export_snapshot()
