-- Whether everything that was recorded by $1 can be seen: nothing that writes has been running since before. Recorded times are those
-- at which transactions begin, so one that is still running could add to the past.
select $1::timestamptz <= clock_timestamp() and not exists (
  select from pg_stat_activity a
  where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_xid is not null and a.xact_start <= $1::timestamptz
)
