-- How heads were matched for a township, its own before those of every one, the youngest first.
select township, fingerprint, head_row, columns, by_user
from qiantu.sheet_head where county = $1 and township in ($2, '')
order by township = '', recorded_from desc, fingerprint
