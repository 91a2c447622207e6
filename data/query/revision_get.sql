-- The last revision and when it was taken.
select n, at from qiantu.revision
