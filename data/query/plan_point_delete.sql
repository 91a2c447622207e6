-- The plan points of a programme for one township, or with '' for all.
delete from qiantu.plan_point where county = $1 and programme = $2 and township = $3
