-- Session $1 was used just now.
update qiantu.session set seen_at = now()
where token = $1 and expires_at > now() and seen_at > now() - interval '12 hours' and seen_at < now() - interval '30 seconds'
