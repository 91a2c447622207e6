select road || ' ' || lower(span) || ' ' || upper(span), on_date || ' ' || kind from qiantu.inspection where county = @county
