-- Why: counts and money had no upper bound, so that one mistyped cell made the totals of a county overflow and a rate come out negative.

-- Ten million persons in one row is more than any county has; sums over a province stay far inside 64 bits, also times a distance in mm.
alter table qiantu.population add constraint population_size
  check (households <= 10000000 and persons <= 10000000);
alter table qiantu.move add constraint move_size check (households <= 10000000 and persons <= 10000000);
alter table qiantu.move_event add constraint move_event_size check (households <= 10000000 and persons <= 10000000);
alter table qiantu.employment add constraint employment_size check (households <= 10000000 and employed <= 10000000);
alter table qiantu.site_capacity add constraint site_capacity_size
  check (households <= 10000000 and persons <= 10000000 and jobs <= 10000000 and school_places <= 10000000);
alter table qiantu.water_project add constraint water_project_size check (designed_persons <= 100000000);

-- 100 thousand million yuan in one row.
alter table qiantu.funding add constraint funding_size check (planned_fen <= 10000000000000 and paid_fen <= 10000000000000);
alter table qiantu.water_survey add constraint water_survey_size check (close_cost_fen <= 10000000000000);

-- A list's printed total: as far as a route may be long.
alter table qiantu.programme add constraint programme_size check (reported_mm < 100000000000);
