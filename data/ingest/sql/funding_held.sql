-- The days from which money of a source for an item is stored, and * for each that is there at all.
select distinct programme || ' ' || source || chr(31) || item, '*' from qiantu.funding where county = @county
union all
select programme || ' ' || source || chr(31) || item, lower(valid)::text from qiantu.funding where county = @county and not lower_inf(valid)
