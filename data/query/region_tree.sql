-- Which unit lies above which, down to the townships.
select code, coalesce(parent, '') from qiantu.region where level <> 'village'
