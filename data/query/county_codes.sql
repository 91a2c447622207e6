-- Some counties, to name them in an error.
select code from qiantu.region where level = 'county' order by code limit 20
