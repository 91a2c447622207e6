-- The answer for a rule that a report broke.
insert into qiantu.progress_override (county, progress, rule, reason, by_user) values ($1, $2, $3, $4, $5)
