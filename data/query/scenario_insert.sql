-- Begins a scenario over the present revision. $19: authors of what it takes from its parent, beside who begins it.
insert into qiantu.scenario (county, name, note, parent, base_revision, base_at, base_as_of, by_user, changed_by,
                             season, connect_mm, rai_mm, walk_ms, yuan_per_km, yuan_per_person, interim, leave, upkeep, haul, budget, objective, authors)
select $1, $2, $3, nullif($4::bigint, 0), r.n, r.at, $5, $6, $6,
       nullif($7::text, ''), nullif($8::bigint, 0), nullif($9::bigint, 0), nullif($10::bigint, 0), nullif($11::bigint, 0), nullif($12::bigint, 0), nullif($13::bigint, 0),
       $14, $15, $16, $17, nullif($18::text, ''), $19
from qiantu.revision r
returning id
