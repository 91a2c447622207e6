-- A township has nothing to report; twice is once.
insert into qiantu.nil_report (county, period, subject, township, by_user)
values ($1, $2, $3, $4, $5)
on conflict do nothing
