-- Sessions that ended by age are forgotten.
delete from qiantu.session where expires_at <= now() or seen_at <= now() - interval '12 hours'
