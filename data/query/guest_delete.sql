-- Not everyone may read region $1 any more.
delete from qiantu.guest_grant where region = $1
