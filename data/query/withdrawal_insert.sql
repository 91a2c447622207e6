-- Deed $2 of county $1 was taken back.
insert into qiantu.road_operation_withdrawal (county, operation, reason, by_user) values ($1, $2, $3, $4)
