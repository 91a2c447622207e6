-- Scenarios of county $1, or the one with id $2. Last: how many revisions changed facts of the county since the base, and whether
-- no fact of any county changed since.
select s.id, s.name, s.note, coalesce(s.parent, 0), s.base_revision, s.base_at, s.base_as_of,
       coalesce(s.season, ''), coalesce(s.connect_mm, 0), coalesce(s.rai_mm, 0), coalesce(s.walk_ms, 0),
       coalesce(s.yuan_per_km, 0), coalesce(s.yuan_per_person, 0), coalesce(s.interim, 0), s.leave, s.upkeep, s.haul, s.budget, coalesce(s.objective, ''),
       s.status, s.reason, s.by_user, s.authors, s.version, s.recorded_from,
       (select count(distinct c.revision) from qiantu.change c
        where c.revision > s.base_revision and c.layer <> 'scenario' and c.county in (s.county, '*')),
       r.pruned <= s.base_revision
       and not exists (select from qiantu.change c where c.revision > s.base_revision and c.layer <> 'scenario')
from qiantu.scenario s, qiantu.revision r
where s.county = $1 and ($2::bigint is null or s.id = $2)
order by s.id
