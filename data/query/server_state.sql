-- What Open has to know of a server.
select exists (select from pg_extension where extname = 'postgis'),
       exists (select from pg_available_extensions where name = 'postgis'),
       exists (select from pg_available_extensions where name = 'btree_gist'),
       current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
       current_setting('server_version_num')::int
