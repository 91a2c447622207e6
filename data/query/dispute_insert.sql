-- Opens a case.
insert into qiantu.dispute (county, road, road_version, span, valid, reason, stage, claims, holder, decider, opened_by, evidence)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
returning id
