-- A snapshot reads whole counties: joins by hash stay good when statistics are older than the rows, loops over loops do not.
select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)
