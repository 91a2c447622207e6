-- One load of a county at a time.
select pg_advisory_xact_lock(hashtextextended('qiantu load ' || $1::text, 0))
