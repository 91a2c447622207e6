insert into qiantu.funding_total (county, programme, planned_fen, allocated_fen, paid_fen, document, valid)
values ($1, $2, $3, $4, $5, $6, daterange($7::date, $8::date))
