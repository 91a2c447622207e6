package data_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

// ground is what the refused rows below lean on; each row of the table is
// good but for the one thing it names.
const ground = `
	insert into qiantu.region (code, level, name, county) values ('130101', 'county', 'c', '130101');
	insert into qiantu.region (code, level, name, parent, county) values ('130101001', 'township', 't', '130101', '130101');
	insert into qiantu.village (county, id, code, name, geom) values ('130101', 1, 'v', 'v', ST_SetSRID(ST_MakePoint(104, 27), 4490));
	insert into qiantu.village_region (county, village, township, valid) values ('130101', 1, '130101001', '[2020-01-01,)');
	insert into qiantu.road (county, id, code, name) values ('130101', 1, 'r', 'r');
	insert into qiantu.road_version (county, road, number, valid, length_mm) values ('130101', 1, 1, '[2020-01-01,)', 1000000);
	insert into qiantu.road_segment (county, id, road, span) values ('130101', 1, 1, '[0,500000)');
	insert into qiantu.programme (county, id, name, starts, deadline) values ('130101', 1, 'p', '2020-01-01', '2020-12-31');
	insert into qiantu.programme_scope (county, id, programme, road, span) values ('130101', 1, 1, 1, '[0,800000)');
	insert into qiantu.progress (county, id, road, span, stage, on_date) values ('130101', '00000000-0000-7000-8000-000000000001', 1, '[0,900000)', 'surface', '2020-05-01');
	insert into qiantu.progress_revocation (county, progress, reason) values ('130101', '00000000-0000-7000-8000-000000000001', 'wrong road');
	insert into qiantu.warning (county, township, level, reason, valid) values ('130101', '130101001', 2, 'rain', '[2020-01-01,)');
	insert into qiantu.relocation_site (county, id, name) values ('130101', 1, 's');
	insert into qiantu.site_capacity (county, site, households) values ('130101', 1, 10);
	insert into qiantu.building (county, id, site, name, dwellings) values ('130101', 1, 1, 'b', 10);
	insert into qiantu.building_stage (county, id, building, stage, on_date) values ('130101', '00000000-0000-7000-8000-000000000002', 1, 'started', '2020-05-01');
	insert into qiantu.move (county, id, village, site, households, persons, registered, registered_persons) values ('130101', 1, 1, 1, 5, 20, 3, 12);
	insert into qiantu.target (county, metric, scope, value, unit, deadline) values ('130101', 'm', 's', 1, 'count', '2020-12-31');
	select setval(pg_get_serial_sequence('qiantu.' || table_name, 'id'), 1000) from information_schema.columns
	where table_schema = 'qiantu' and column_name = 'id' and is_identity = 'YES'`

// point is a village insert with a geometry in place of %s.
func village(geom string) string {
	return `insert into qiantu.village (county, name, geom) values ('130101', 'x', ` + geom + `)`
}

func boundary(geom string) string {
	return `update qiantu.region set geom = ` + geom + ` where code = '130101'`
}

func TestTheDatabaseRefuses(t *testing.T) {
	const (
		check, exclusion, unique, reference = "23514", "23P01", "23505", "23503"
		notNull, wrongValue, restrict       = "23502", "22023", "23001"
	)
	refused := map[string]struct{ sql, code string }{
		"another SRID":                     {village(`ST_SetSRID(ST_MakePoint(104, 27), 4326)`), wrongValue},
		"a Z":                              {village(`ST_SetSRID(ST_MakePoint(104, 27, 900), 4490)`), wrongValue},
		"another type":                     {village(`ST_GeomFromText('LINESTRING(1 1,2 2)', 4490)`), wrongValue},
		"NaN":                              {village(`ST_SetSRID(ST_MakePoint('NaN', 27), 4490)`), check},
		"NaN twice":                        {village(`ST_SetSRID(ST_MakePoint('NaN', 'NaN'), 4490)`), check},
		"Infinity":                         {village(`ST_SetSRID(ST_MakePoint(104, 'Infinity'), 4490)`), check},
		"outside the world":                {village(`ST_SetSRID(ST_MakePoint(104, 91), 4490)`), check},
		"empty":                            {village(`ST_GeomFromText('POINT EMPTY', 4490)`), check},
		"no geometry":                      {village(`null`), notNull},
		"NaN in the middle of a line":      {`update qiantu.road_version set geom = ST_SetSRID(ST_MakeLine(array[ST_MakePoint(1,1), ST_MakePoint('NaN', 2), ST_MakePoint(3,3)]), 4490)`, check},
		"a line of one place":              {`update qiantu.road_version set geom = ST_GeomFromText('LINESTRING(1 1,1 1)', 4490)`, check},
		"a polygon that crosses itself":    {boundary(`ST_GeomFromText('MULTIPOLYGON(((1 1,2 2,2 1,1 2,1 1)))', 4490)`), check},
		"a hole outside its shell":         {boundary(`ST_GeomFromText('MULTIPOLYGON(((1 1,2 1,2 2,1 1),(5 5,6 5,6 6,5 5)))', 4490)`), check},
		"an empty boundary":                {boundary(`ST_GeomFromText('MULTIPOLYGON EMPTY', 4490)`), check},
		"a curve":                          {`insert into qiantu.reference (county, layer, geom) values ('130101', 'river', ST_GeomFromText('CIRCULARSTRING(1 1,2 2,3 1)', 4490))`, check},
		"a collection":                     {`insert into qiantu.reference (county, layer, geom) values ('130101', 'river', ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1))', 4490))`, check},
		"poor above all households":        {`insert into qiantu.population (county, village, as_of, households, poor_households) values ('130101', 1, '2020-01-01', 4, 5)`, check},
		"poor above all persons":           {`insert into qiantu.population (county, village, as_of, persons, poor_persons) values ('130101', 1, '2020-01-01', 4, 5)`, check},
		"fewer persons than households":    {`update qiantu.move set persons = 4`, check},
		"registered above all":             {`update qiantu.move set registered = 6`, check},
		"registered persons above all":     {`insert into qiantu.move_event (county, move, stage, households, persons, registered_persons, on_date) values ('130101', 1, 'signed', 2, 3, 4, '2020-01-01')`, check},
		"a share of all":                   {`update qiantu.road_segment set township = '130101001', other_township = '130101', other_share_ppm = 1000000`, check},
		"a share of nobody":                {`update qiantu.road_segment set other_share_ppm = 5`, check},
		"a share with itself":              {`update qiantu.road_segment set township = '130101001', other_township = '130101001', other_share_ppm = 5`, check},
		"a plan above one":                 {`insert into qiantu.plan_point (county, programme, on_date, share_ppm) values ('130101', 1, '2020-06-01', 1000001)`, check},
		"more than all of the year's rain": {`insert into qiantu.water_survey (county, village, on_date, reliability_pct) values ('130101', 1, '2020-01-01', 100.5)`, check},
		"NaN litres":                       {`insert into qiantu.water_survey (county, village, on_date, litres_per_day) values ('130101', 1, '2020-01-01', 'NaN')`, check},
		"NaN in a standard":                {`update qiantu.water_standard set litres_good = 'NaN'`, check},
		"a standard good below basic":      {`update qiantu.water_standard set minutes_good = 30`, check},
		"two townships at once":            {`insert into qiantu.village_region (county, village, township, valid) values ('130101', 1, '130101001', '[2021-01-01,)')`, exclusion},
		"two versions at once":             {`insert into qiantu.road_version (county, road, number, valid, length_mm) values ('130101', 1, 2, '[2025-01-01,)', 900000)`, exclusion},
		"two segments on one metre":        {`insert into qiantu.road_segment (county, road, span) values ('130101', 1, '[499999,600000)')`, exclusion},
		"a metre twice in a task":          {`insert into qiantu.programme_scope (county, programme, road, span) values ('130101', 1, 1, '[799999,800001)')`, exclusion},
		"two warnings at once":             {`insert into qiantu.warning (county, township, level, reason, valid) values ('130101', '130101001', 3, 'flood', '[2021-01-01,)')`, exclusion},
		"two capacities at once":           {`insert into qiantu.site_capacity (county, site, households) values ('130101', 1, 20)`, exclusion},
		"two targets at once":              {`insert into qiantu.target (county, metric, scope, value, unit, deadline) values ('130101', 'm', 's', 2, 'count', '2020-12-31')`, exclusion},
		"two moves of the same":            {`insert into qiantu.move (county, village, site, households, persons, registered, registered_persons) values ('130101', 1, 1, 5, 20, 3, 12)`, exclusion},
		"two rules at once":                {`insert into qiantu.rule (code, version, body) values ('', 'a', '{}'), ('', 'b', '{}')`, exclusion},
		"a code twice":                     {`insert into qiantu.road (county, code) values ('130101', 'r')`, unique},
		"a report twice":                   {`insert into qiantu.progress (county, id, road, span, stage, on_date) values ('130101', '00000000-0000-7000-8000-000000000001', 1, '[0,1)', 'surface', '2020-05-01')`, unique},
		"a revocation twice":               {`insert into qiantu.progress_revocation (county, progress, reason) values ('130101', '00000000-0000-7000-8000-000000000001', 'again')`, unique},
		"a segment beyond its road":        {`insert into qiantu.road_segment (county, road, span) values ('130101', 1, '[900000,1000001)')`, check},
		"a task beyond its road":           {`insert into qiantu.programme_scope (county, programme, road, span) values ('130101', 1, 1, '[900000,)')`, check},
		"a report beyond its road":         {`insert into qiantu.progress (county, id, road, span, stage, on_date) values ('130101', gen_random_uuid(), 1, '[-1,5)', 'surface', '2020-05-01')`, check},
		"a dispute beyond its road":        {`insert into qiantu.dispute (county, road, span, valid, reason) values ('130101', 1, '[0,1000001)', '[2020-01-01,)', '?')`, check},
		"an empty span":                    {`insert into qiantu.road_segment (county, road, span) values ('130101', 1, 'empty')`, check},
		"a road that shrinks below it":     {`update qiantu.road_version set length_mm = 899999`, check},
		"a road without length":            {`update qiantu.road_version set length_mm = 0`, check},
		"a version nobody has":             {`insert into qiantu.road_segment (county, road, road_version, span) values ('130101', 1, 7, '[0,1)')`, reference},
		"another county's road":            {`insert into qiantu.road_segment (county, road, span) values ('130102', 1, '[0,1)')`, reference},
		"a county nobody has":              {`insert into qiantu.village (county, name, geom) values ('139999', 'x', ST_SetSRID(ST_MakePoint(104, 27), 4490))`, reference},
		"progress edited":                  {`update qiantu.progress set span = '[0,5)'`, restrict},
		"progress deleted":                 {`delete from qiantu.progress`, restrict},
		"a revocation taken back":          {`delete from qiantu.progress_revocation`, restrict},
		"a dwelling stage edited":          {`update qiantu.building_stage set stage = 'completed'`, restrict},
		"a dwelling stage deleted":         {`delete from qiantu.building_stage`, restrict},
		"revoked before it was known":      {`update qiantu.building_stage set revoked_at = '1999-01-01'`, check},
		"audit edited":                     {`insert into qiantu.audit (actor, action, object) values ('a', 'b', 'c'); update qiantu.audit set actor = 'd'`, restrict},
		"a deadline before the start":      {`update qiantu.programme set deadline = '2019-01-01'`, check},
		"an unknown surface":               {`update qiantu.road_segment set surface = 'gold'`, check},
		"a nameless region":                {`update qiantu.region set name = ''`, check},
		"calibration of unequal length":    {`update qiantu.road_version set calibration_at = '{0}'`, check},
		"a road deleted under reports":     {`delete from qiantu.road`, reference},
	}
	dsn := clustertest.DB(t)
	conn := connect(t, dsn)
	run(t, conn, ground)
	for name, c := range refused {
		t.Run(name, func(t *testing.T) {
			run(t, conn, "begin")
			defer run(t, conn, "rollback")
			_, err := conn.Exec(context.Background(), c.sql)
			var pg *pgconn.PgError
			if !errors.As(err, &pg) || pg.Code != c.code {
				t.Errorf("%s\ngives %v, not code %s", c.sql, err, c.code)
			}
		})
	}
}

// The neighbours of what is refused are taken.
func TestTheDatabaseTakes(t *testing.T) {
	conn := connect(t, clustertest.DB(t))
	run(t, conn, ground)
	for name, sql := range map[string]string{
		"no SRID, meaning ours":      village(`ST_MakePoint(104, 27)`),
		"spans that touch":           `insert into qiantu.road_segment (county, road, span) values ('130101', 1, '[500000,1000000)')`,
		"years that touch":           `update qiantu.village_region set valid = '[2020-01-01,2021-01-01)'; insert into qiantu.village_region (county, village, township, valid) values ('130101', 1, '130101001', '[2021-01-01,)')`,
		"a metre in two tasks":       `insert into qiantu.programme (county, id, name, starts, deadline) values ('130101', 2, 'q', '2021-01-01', '2021-12-31'); insert into qiantu.programme_scope (county, programme, road, span) values ('130101', 2, 1, '[0,800000)')`,
		"two reports of one metre":   `insert into qiantu.progress (county, id, road, span, stage, on_date) values ('130101', gen_random_uuid(), 1, '[0,900000)', 'surface', '2020-05-01')`,
		"two roads without a code":   `insert into qiantu.road (county) values ('130101'), ('130101')`,
		"a road that shrinks to it":  `update qiantu.road_version set length_mm = 900000`,
		"a stage revoked":            `update qiantu.building_stage set revoked_at = now()`,
		"a boundary":                 boundary(`ST_GeomFromText('MULTIPOLYGON(((1 1,2 1,2 2,1 1)))', 4490)`),
		"the ends of the world":      village(`ST_SetSRID(ST_MakePoint(-180, -90), 4490)`),
		"co-routed on an unknown":    `insert into qiantu.road_corouted (county, road, span) values ('130101', 1, '[0,1)')`,
		"a county rule beside all's": `insert into qiantu.rule (code, version, body) values ('', 'a', '{}'), ('130101', 'a', '{}')`,
	} {
		t.Run(name, func(t *testing.T) {
			run(t, conn, "begin")
			defer run(t, conn, "rollback")
			run(t, conn, sql)
		})
	}
}

// A whole dump of the schema comes back under the empty search_path that
// pg_restore sets: checks, notices and numbering work there.
func TestADumpComesBack(t *testing.T) {
	dsn, empty := clustertest.DB(t), clustertest.Empty(t)
	conn := connect(t, dsn)
	run(t, conn, ground)
	file := t.TempDir() + "/dump"
	program(t, "pg_dump", "-d", dsn, "-Fc", "-n", "qiantu", "-f", file)
	program(t, "pg_restore", "-d", empty, "--exit-on-error", file)
	back := connect(t, empty)
	before := value[int64](t, back, `select n from qiantu.revision`)
	run(t, back, `set search_path = ''; update qiantu.village set hazard = 'low'; update qiantu.road_segment set built = 'built';
		insert into qiantu.move_event (county, move, stage, households, persons, on_date) values ('130101', 1, 'moved_in', 5, 20, '2020-01-01')`)
	if _, err := back.Exec(t.Context(), `insert into qiantu.move_event (county, move, stage, households, on_date) values ('130101', 1, 'moved_in', 1, '2020-01-01')`); err == nil {
		t.Error("after the restore more may move in than are to move")
	}
	if after := value[int64](t, back, `select n from qiantu.revision`); after != before+1 {
		t.Errorf("a write after the restore took the revision from %d to %d", before, after)
	}
}
