select nextval(pg_get_serial_sequence('qiantu.programme', 'id'))
