-- A programme, and whether its county has the township ('' is every one).
select starts, deadline, $3::text = '' or exists (select from qiantu.region where code = $3 and county = $1 and level = 'township')
from qiantu.programme where county = $1 and id = $2
for update
