-- Fills a province for the benchmark: $1 counties of 20 townships, each of $2 routes of five segments of 1 km and of
-- 25 reports on some interval, some stage, some day of 2020. Triggers are off: these are rows, not deeds.
create function pg_temp.province(counties int, routes int) returns void language plpgsql as $$
begin
  insert into qiantu.region (code, level, name, county) values ('99', 'province', '试省', '99');
  insert into qiantu.region (code, level, name, county, parent, data_date)
    select (990100 + c)::text, 'county', '县' || c, (990100 + c)::text, '99', '2020-12-31' from generate_series(1, counties) c;
  insert into qiantu.region (code, level, name, county, parent)
    select (990100 + c)::text || (100 + t), 'township', '镇' || t, (990100 + c)::text, (990100 + c)::text
    from generate_series(1, counties) c, generate_series(0, 19) t;
  insert into qiantu.road (county, id, code) select (990100 + c)::text, r, 'C' || r from generate_series(1, counties) c, generate_series(1, routes) r order by c, r;
  insert into qiantu.road_version (county, road, number, length_mm)
    select (990100 + c)::text, r, 1, 5000000 from generate_series(1, counties) c, generate_series(1, routes) r order by c, r;
  insert into qiantu.road_segment (county, id, road, span, township)
    select (990100 + c)::text, r * 5 + s, r, int8range(s * 1000000, (s + 1) * 1000000), (990100 + c)::text || (100 + r % 20)
    from generate_series(1, counties) c, generate_series(1, routes) r, generate_series(0, 4) s
    order by c, r, s;
  insert into qiantu.programme (county, id, name, starts, deadline)
    select (990100 + c)::text, 1, '路', '2020-01-01', '2020-12-31' from generate_series(1, counties) c;
  insert into qiantu.programme_scope (county, id, programme, road, span)
    select (990100 + c)::text, r, 1, r, int8range(0, 5000000) from generate_series(1, counties) c, generate_series(1, routes) r order by c, r;
  perform setseed(0.5);
  insert into qiantu.progress (county, id, road, span, stage, on_date, recorded_at)
    select county, gen_random_uuid(), road, int8range(at, at + long), (array['clearing','roadbed','subbase','base','surface','drainage','acceptance'])[1 + n % 7],
           '2020-01-01'::date + (random() * 365)::int, '2020-12-31'
    from (select (990100 + c)::text as county, r as road, n, (random() * 4000000)::bigint as at, 1 + (random() * 999999)::bigint as long
          from generate_series(1, counties) c, generate_series(1, routes) r, generate_series(1, 25) n
          order by c, r, n) made;
end $$;
