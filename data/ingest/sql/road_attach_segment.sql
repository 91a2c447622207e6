-- What the drawn route knows and its pieces did not.
update qiantu.road_segment s
set class = case when s.class = 'unknown' then coalesce(r.doc->>'class', s.class) else s.class end,
    surface = case when s.surface = 'unknown' then coalesce(r.doc->>'surface', s.surface) else s.surface end,
    all_season = case when s.all_season = 'unknown' then coalesce(r.doc->>'all_season', s.all_season) else s.all_season end,
    built = case when s.built = 'unknown' then coalesce(r.doc->>'built', s.built) else s.built end,
    width_mm = coalesce(s.width_mm, (r.doc->>'width')::bigint)
from import_row r
where r.doc ? 'road' and s.county = @county and s.road = (r.doc->>'road')::bigint and s.road_version = (r.doc->>'road_version')::int
