-- Who has nothing to report in period $2 of county $1 on $3, said by $4.
select township, by_user
from qiantu.nil_report
where county = $1 and period = $2 and subject = $3 and recorded_at <= $4
order by township
