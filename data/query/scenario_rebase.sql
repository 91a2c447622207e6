-- Moves the base of a scenario to the present revision, as of a day.
update qiantu.scenario s
set base_revision = r.n, base_at = r.at, base_as_of = $3, changed_by = $4, deeds = s.deeds + 1
from qiantu.revision r
where s.county = $1 and s.id = $2
