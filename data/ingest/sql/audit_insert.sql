insert into qiantu.audit (actor, action, county, object, detail) values (@actor, 'import', nullif(@county, ''), @layer, @detail)
