-- Whether facts of county $1 changed since revision $2; scenarios are none.
select exists (select from qiantu.change c where c.revision > $2 and c.layer <> 'scenario' and c.county in ($1, '*'))
