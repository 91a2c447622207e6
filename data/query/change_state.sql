-- Where the list of changes stands, whether it is still the one whose revision $1 was read, and whether every notice works.
-- The fingerprint changes when a trigger was switched off and on, a table rewritten or remade, the database restored from
-- elsewhere or the server failed over: all that changes rows without a notice. Last, whether a notice was switched off and on
-- again and now fires in ordinary sessions only.
select r.n, r.pruned,
       (select max(at) from qiantu.change where revision = $1),
       (select max(at) from qiantu.change where revision = r.n),
       md5(concat_ws(' ',
         qiantu.server_identity(),
         (select oid from pg_database where datname = current_database()),
         (select string_agg(concat_ws(',', t.oid, t.xmin, t.tgenabled), ' ' order by t.oid)
          from pg_trigger t join pg_class c on c.oid = t.tgrelid
          where c.relnamespace = 'qiantu'::regnamespace and not t.tgisinternal),
         (select string_agg(concat_ws(',', c.oid, c.relfilenode), ' ' order by c.oid)
          from pg_class c where c.relnamespace = 'qiantu'::regnamespace and c.relkind in ('r', 'p')))),
       array(
         select wanted.name || '.' || wanted.trigger
         from (
           select noted.name, trigger
           from qiantu.noted, unnest(array['note_insert', 'note_update', 'note_delete', 'note_truncate']) trigger
           union all select 'change', 'number_change'
         ) wanted
         left join pg_trigger t on t.tgrelid = to_regclass(format('qiantu.%I', wanted.name))
           and t.tgname = wanted.trigger and t.tgenabled in ('A', 'O')
         where t.oid is null
         order by 1),
       exists (
         select from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where c.relnamespace = 'qiantu'::regnamespace and t.tgenabled = 'O'
           and t.tgname in ('note_insert', 'note_update', 'note_delete', 'note_truncate', 'number_change'))
from qiantu.revision r
