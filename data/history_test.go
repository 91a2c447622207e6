package data_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// more has a row of every other table that keeps its history.
const more = `
	insert into qiantu.population (county, village, as_of, households, persons) values ('130101', 1, '2020-01-01', 10, 40);
	insert into qiantu.road_corouted (county, road, span) values ('130101', 1, '[0,5)');
	insert into qiantu.plan_point (county, programme, on_date, share_ppm) values ('130101', 1, '2020-06-01', 500000);
	insert into qiantu.funding (county, programme, source, planned_fen) values ('130101', 1, 'state', 100);
	insert into qiantu.dispute (county, road, span, valid, reason) values ('130101', 1, '[0,5)', '[2020-01-01,)', '?');
	insert into qiantu.target (county, metric, scope, value, unit, deadline) values ('130101', 'M18 persons', 'region:130101', 1, 'person', '2020-12-31');
	insert into qiantu.duty (county, level, person) values ('130101', 'county', 'Li');
	insert into qiantu.period (county, kind, days, cut_off) values ('130101', 'month', '[2020-05-01,2020-06-01)', '2020-06-03');
	insert into qiantu.water_project (county, id, name, geom) values ('130101', 1, 'w', ST_SetSRID(ST_MakePoint(104, 27), 4490));
	insert into qiantu.supply_link (county, project, village) values ('130101', 1, 1);
	insert into qiantu.water_survey (county, village, on_date, litres_per_day) values ('130101', 1, '2020-01-01', 40);
	insert into qiantu.employment (county, site, as_of, households, employed) values ('130101', 1, '2020-01-01', 5, 4);
	insert into qiantu.site_approval (county, site, step, applied) values ('130101', 1, 'environment', '2020-01-01');
	insert into qiantu.site_follow_up (county, site, kind, due) values ('130101', 1, 'clinic', '2020-05-01');
	insert into qiantu.dwelling_type (county, site, persons, area_dm2, dwellings) values ('130101', 1, 4, 10000, 5);
	insert into qiantu.site_cost (county, site, item, fen) values ('130101', 1, 'housing', 100);
	insert into qiantu.consent (county, village, as_of, asked, agreed) values ('130101', 1, '2020-01-01', 10, 9);
	insert into qiantu.suitability (county, site, factor, score) values ('130101', 1, 'slope', 70);
	insert into qiantu.facility (county, kind, geom) values ('130101', 'school', ST_SetSRID(ST_MakePoint(104, 27), 4490));
	insert into qiantu.reference (county, layer, geom) values ('130101', 'river', ST_GeomFromText('LINESTRING(104 27,105 27)', 4490));
	insert into qiantu.contract (county, id, programme, code) values ('130101', 1, 1, 'HT');
	insert into qiantu.contract_scope (county, contract, road, span) values ('130101', 1, 1, '[0,500000)');
	insert into qiantu.funding_total (county, programme, planned_fen) values ('130101', 1, 100);
	insert into qiantu.inspection (county, kind, road, span, on_date) values ('130101', 'random', 1, '[0,500)', '2020-05-01');
	insert into qiantu.submission (county, id, body, digest, status) values ('130101', '00000000-0000-7000-8000-000000000007', '{}', '', 'held');
	insert into qiantu.scenario (county, name, base_revision, base_at, base_as_of, by_user) values ('130101', 's', 1, now(), '2020-01-01', 'li');
	insert into qiantu.sheet_head (county, fingerprint, head_row, columns) values ('130101', 'f', 1, '{}');
	insert into qiantu.rule (code, version, body) values ('', 'r1', '{"connect_mm": 100000}')`

// edits change one fact in every table that keeps its history. Those marked
// are not part of a snapshot.
var edits = map[string]struct {
	sql     string
	outside bool
}{
	"region":          {sql: `update qiantu.region set name = 'other' where level = 'county'`},
	"village":         {sql: `update qiantu.village set hazard = 'high'`},
	"village_region":  {sql: `update qiantu.village_region set valid = '[2020-01-01,2020-02-01)'`},
	"population":      {sql: `update qiantu.population set persons = 41`},
	"road":            {sql: `update qiantu.road set class = 'county'`},
	"road_version":    {sql: `update qiantu.road_version set length_mm = 1000001`},
	"road_segment":    {sql: `update qiantu.road_segment set built = 'built'`},
	"road_corouted":   {sql: `update qiantu.road_corouted set span = '[0,6)'`},
	"programme":       {sql: `update qiantu.programme set name = 'other'`},
	"programme_scope": {sql: `update qiantu.programme_scope set span = '[0,700000)'`},
	"plan_point":      {sql: `update qiantu.plan_point set share_ppm = 400000`},
	"funding":         {sql: `update qiantu.funding set paid_fen = 7`},
	"dispute":         {sql: `update qiantu.dispute set valid = '[2020-01-01,2020-03-01)'`},
	"contract":        {sql: `update qiantu.contract set contractor = 'other'`},
	"contract_scope":  {sql: `update qiantu.contract_scope set span = '[0,400000)'`},
	"funding_total":   {sql: `update qiantu.funding_total set paid_fen = 7`},
	"inspection":      {sql: `update qiantu.inspection set result = 'fail'`},
	"submission":      {sql: `update qiantu.submission set status = 'refused', answer = 'no'`, outside: true},
	"scenario":        {sql: `update qiantu.scenario set note = 'x', changed_by = 'li'`, outside: true},
	"sheet_head":      {sql: `update qiantu.sheet_head set head_row = 2`, outside: true},
	"duty":            {sql: `update qiantu.duty set person = 'other'`},
	"warning":         {sql: `update qiantu.warning set level = 4`},
	"target":          {sql: `update qiantu.target set value = 2`},
	"period":          {sql: `update qiantu.period set closed_at = now()`, outside: true},
	"water_project":   {sql: `update qiantu.water_project set status = 'built'`},
	"supply_link":     {sql: `update qiantu.supply_link set valid = '[2021-01-01,)'`},
	"water_survey":    {sql: `update qiantu.water_survey set litres_per_day = 20`},
	"relocation_site": {sql: `update qiantu.relocation_site set name = 'other'`},
	"site_capacity":   {sql: `update qiantu.site_capacity set households = 11`},
	"building":        {sql: `update qiantu.building set dwellings = 11`},
	"move":            {sql: `update qiantu.move set persons = 21`},
	"employment":      {sql: `update qiantu.employment set employed = 5`},
	"site_approval":   {sql: `update qiantu.site_approval set granted = '2020-02-01'`},
	"site_follow_up":  {sql: `update qiantu.site_follow_up set done = '2020-05-02'`},
	"dwelling_type":   {sql: `update qiantu.dwelling_type set dwellings = 6`},
	"site_cost":       {sql: `update qiantu.site_cost set fen = 101`},
	"consent":         {sql: `update qiantu.consent set agreed = 8`},
	"suitability":     {sql: `update qiantu.suitability set score = 60`},
	"facility":        {sql: `update qiantu.facility set name = 'other'`},
	"reference":       {sql: `update qiantu.reference set name = 'other'`},
	"rule":            {sql: `update qiantu.rule set body = '{"connect_mm": 300000}'`},
	"water_standard":  {sql: `update qiantu.water_standard set litres_good = 70`},
}

var sameFacts = cmp.Options{
	cmp.AllowUnexported(chainage.Calibration{}),
	cmpopts.IgnoreFields(planner.Snapshot{}, "Revision", "KnownAt"),
}

// As known at an instant before an edit, a county is what it was.
func TestAnEarlierBeliefStands(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	for _, table := range value[[]string](t, conn, `select array_agg(replace(c.relname, '_history', '')) from pg_class c
		where relnamespace = 'qiantu'::regnamespace and relkind = 'r' and relname like '%\_history'`) {
		if _, ok := edits[table]; !ok {
			t.Errorf("table %s keeps its history, but no edit of it is tried", table)
		}
	}
	run(t, conn, ground)
	run(t, conn, more)
	for table, edit := range edits {
		rows := fmt.Sprintf(`select jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text)::text from qiantu.%s t where county in ('130101', '*')`, table)
		before, stored := snapshot(t, store, time.Time{}), value[string](t, conn, rows)
		at := value[time.Time](t, conn, `select clock_timestamp()`)
		run(t, conn, edit.sql)
		if value[string](t, conn, rows) == stored {
			t.Errorf("%s: the edit changed nothing", table)
		}
		if diff := cmp.Diff(before, snapshot(t, store, at), sameFacts); diff != "" {
			t.Errorf("%s: as known before the edit the county is another (-then +now):\n%s", table, diff)
		}
		if same := cmp.Equal(before, snapshot(t, store, time.Time{}), sameFacts); same != edit.outside {
			t.Errorf("%s: the present snapshot is the earlier one: %v", table, same)
		}
		known := fmt.Sprintf(`select jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text)::text from qiantu.%s_known('130101', $1) t`, table)
		if table == "rule" || table == "water_standard" { // theirs is in their own statements
			continue
		}
		if got := value[string](t, conn, known, at); got != stored {
			t.Errorf("%s: rows known before the edit are\n%s\nnot\n%s", table, got, stored)
		}
	}
}

func snapshot(t testing.TB, store *data.Store, known time.Time) *planner.Snapshot {
	t.Helper()
	snap, err := store.Snapshot(context.Background(), planner.SnapshotQuery{Region: "130101", AsOf: day("2020-06-15"), KnownAt: known})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// Reports are known from when they were recorded until they are revoked.
func TestReportsAreKnownUntilRevoked(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	run(t, conn, ground)
	run(t, conn, `insert into qiantu.progress (county, id, road, span, stage, on_date) values ('130101', '00000000-0000-7000-8000-000000000009', 1, '[0,5)', 'surface', '2020-05-01');
		insert into qiantu.move_event (county, id, move, stage, households, on_date) values ('130101', '00000000-0000-7000-8000-000000000008', 1, 'signed', 2, '2020-05-01')`)
	told := func(known time.Time) [3]int {
		s := snapshot(t, store, known)
		return [3]int{len(s.Progress), len(s.Sites[0].Buildings[0].Events), len(s.Moves[0].Events)}
	}
	at := value[time.Time](t, conn, `select clock_timestamp()`)
	run(t, conn, `insert into qiantu.progress_revocation (county, progress, reason) values ('130101', '00000000-0000-7000-8000-000000000009', 'twice');
		update qiantu.building_stage set revoked_at = now(); update qiantu.move_event set revoked_at = now()`)
	if got := told(at); got != [3]int{1, 1, 1} {
		t.Errorf("before the revocation %v reports were known, not one of each", got)
	}
	if got := told(time.Time{}); got != [3]int{} {
		t.Errorf("after the revocation %v reports are known", got)
	}
	run(t, conn, `insert into qiantu.progress (county, id, road, span, stage, on_date, recorded_at) values ('130101', gen_random_uuid(), 1, '[0,5)', 'surface', '2020-05-01', '2020-05-03')`)
	if got := len(snapshot(t, store, time.Time{}).Progress); got != 1 {
		t.Errorf("%d reports are known now", got)
	}
}

// Two edits in one transaction are one belief; two transactions that cross
// are two, even if the one that began first ends last.
func TestEveryBeliefThatOthersSawIsKept(t *testing.T) {
	dsn := clustertest.DB(t)
	a, b := connect(t, dsn), connect(t, dsn)
	run(t, a, ground)
	history := func() string {
		return value[string](t, a, `select coalesce(string_agg(hazard, ',' order by recorded_from), '') from qiantu.village_history`)
	}
	run(t, a, `begin; update qiantu.village set hazard = 'low'; update qiantu.village set hazard = 'medium'; commit`)
	if got := history(); got != "unknown" {
		t.Errorf("history holds %q; nobody ever saw more than unknown", got)
	}
	run(t, a, `begin`)
	run(t, a, `select 1`)
	run(t, b, `update qiantu.village set hazard = 'high'`)
	run(t, a, `update qiantu.village set hazard = 'extreme'; commit`)
	if got := history(); got != "unknown,medium,high" {
		t.Errorf("history holds %q, not every belief others saw", got)
	}
	overlaps := value[int](t, a, `select count(*) from (select recorded_from, recorded_to from qiantu.village_history
		union all select recorded_from, 'infinity' from qiantu.village) x, (select recorded_from as f, recorded_to as t from qiantu.village_history) y
		where (x.recorded_from, x.recorded_to) <> (y.f, y.t) and tstzrange(x.recorded_from, x.recorded_to) && tstzrange(y.f, y.t)`)
	if overlaps > 0 {
		t.Errorf("%d pairs of beliefs overlap in recorded time", overlaps)
	}
	run(t, a, `delete from qiantu.move; delete from qiantu.village`)
	if got := history(); got != "unknown,medium,high,extreme" {
		t.Errorf("after the village is deleted history holds %q", got)
	}
}
