-- Rows as they were read. Temporary: a killed import leaves nothing.
create temp table import_stage (row integer not null, shape text, doc jsonb not null) on commit drop
