-- Reads, projects and checks one geometry; it never repairs. The checks stand in the order of their cost and danger:
-- nothing is projected before it is finite, nothing validated before it is small. low and high bound the eastings of a
-- projected reference; null: it is in degrees.
create or replace function pg_temp.import_place(shape text, srid integer, types text[], box geometry, low float8, high float8, out geom geometry, out fault text, out detail text, out flat boolean)
language plpgsql as $$
declare
  g geometry;
begin
  flat := false;
  if coalesce(shape, '') = '' then return; end if;
  begin
    g := shape::geometry;
  exception when others then
    fault := 'geometry_unreadable'; detail := sqlerrm; return;
  end;
  if ST_SRID(g) not in (0, srid) then
    fault := 'crs_contradiction'; detail := 'EPSG:' || ST_SRID(g); return;
  end if;
  if ST_IsEmpty(g) then return; end if; -- no place
  if ST_NPoints(g) > 100000 then fault := 'geometry_vertices'; detail := ST_NPoints(g); return; end if;
  flat := ST_Zmflag(g) > 0;
  g := ST_Force2D(g);
  if not (ST_XMin(g) > -1e9 and ST_XMax(g) < 1e9 and ST_YMin(g) > -1e9 and ST_YMax(g) < 1e9) then
    fault := 'coordinate_invalid'; detail := left(ST_AsText(g, 6), 100); return;
  end if;
  if low is null and greatest(abs(ST_XMin(g)), abs(ST_XMax(g)), abs(ST_YMin(g)), abs(ST_YMax(g))) > 1000 then
    fault := 'crs_contradiction'; detail := 'degrees are declared, the numbers are metres: ' || left(ST_AsText(ST_PointN(ST_BoundingDiagonal(g), 1), 3), 60); return;
  end if;
  if low is not null and greatest(abs(ST_XMin(g)), abs(ST_XMax(g))) <= 180 and greatest(abs(ST_YMin(g)), abs(ST_YMax(g))) <= 90 then
    fault := 'crs_contradiction'; detail := 'metres are declared, the numbers are degrees: ' || left(ST_AsText(ST_PointN(ST_BoundingDiagonal(g), 1), 3), 60); return;
  end if;
  if ST_XMin(g) < low or ST_XMax(g) > high then
    fault := 'crs_contradiction'; detail := 'an easting of ' || round(ST_XMin(g)) || ' m is not of this zone'; return;
  end if;
  begin
    g := case when srid in (4326, 4490) then ST_SetSRID(g, 4490) else ST_Transform(ST_SetSRID(g, srid), 4490) end;
  exception when others then
    fault := 'coordinate_invalid'; detail := sqlerrm; return;
  end;
  if not (ST_XMin(g) >= -180 and ST_XMax(g) <= 180 and ST_YMin(g) >= -90 and ST_YMax(g) <= 90) then
    fault := 'coordinate_invalid'; detail := left(ST_AsText(g, 6), 100); return;
  end if;
  if not ST_IsValid(g) then fault := 'geometry_invalid'; detail := ST_IsValidReason(g); return; end if;
  if ST_NumGeometries(g) = 1 and ST_GeometryType(g) <> all (types) then g := ST_GeometryN(g, 1); end if;
  if ST_GeometryType(g) <> all (types) then
    fault := case when ST_GeometryType(g) = 'ST_MultiLineString' then 'geometry_parts' else 'geometry_type' end;
    detail := case when fault = 'geometry_parts' then ST_NumGeometries(g)::text else substr(ST_GeometryType(g), 4) end;
    return;
  end if;
  if not box ~ g then fault := 'outside_region'; detail := ST_AsText(ST_PointN(ST_BoundingDiagonal(g), 1), 6); return; end if;
  geom := g;
end $$
