package data_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qiantu/qiantu/planner"
)

func read(t testing.TB, store interface {
	Snapshot(context.Context, planner.SnapshotQuery) (*planner.Snapshot, error)
}, q planner.SnapshotQuery,
) *planner.Snapshot {
	t.Helper()
	snap, err := store.Snapshot(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// Without a day asked for, a county is read as of its data date, else its
// latest fact, else the last change; never as of today.
func TestTheDayOfASnapshot(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	counties(t, conn, "130101")
	run(t, conn, `update qiantu.revision set at = '2011-02-03 12:00Z'`)
	asOf := func(q planner.Date) string {
		return read(t, store, planner.SnapshotQuery{Region: "130101", AsOf: q}).AsOf.String()
	}
	if got := asOf(0); got != "2011-02-03" {
		t.Errorf("without any fact it is read as of %s", got)
	}
	run(t, conn, `insert into qiantu.population (county, village, as_of) select county, id, '2019-12-31' from qiantu.village`)
	if got := asOf(0); got != "2019-12-31" {
		t.Errorf("with a count of 2019-12-31 it is read as of %s", got)
	}
	run(t, conn, `update qiantu.region set data_date = '2020-06-30'`)
	if got := asOf(0); got != "2020-06-30" {
		t.Errorf("with a data date of 2020-06-30 it is read as of %s", got)
	}
	if got := asOf(day("2018-01-01")); got != "2018-01-01" {
		t.Errorf("asked for 2018-01-01 it is read as of %s", got)
	}
}

func TestAnUnknownRegionIsNamed(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	fails := func(q planner.SnapshotQuery, says ...string) {
		t.Helper()
		_, err := store.Snapshot(context.Background(), q)
		for _, part := range says {
			if planner.CodeOf(err) != planner.NotFound || !strings.Contains(err.Error(), part) {
				t.Errorf("%+v gives %v; it should speak of %q", q, err, part)
			}
		}
	}
	fails(planner.SnapshotQuery{Region: "1"}, `"1"`, "nor any other")
	run(t, conn, ground)
	counties(t, conn, "140101")
	fails(planner.SnapshotQuery{Region: "1"}, `"1"`, "130101, 140101")
	fails(planner.SnapshotQuery{Region: "130101001"}, "township", "130101")
	fails(planner.SnapshotQuery{Region: "130101", KnownAt: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)}, "first known")
	fails(planner.SnapshotQuery{Region: "'; drop schema qiantu; --"}, "drop schema")
}

// What is valid on the day is there, what begins later or has ended is not.
func TestValidTime(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	run(t, conn, ground)
	run(t, conn, `update qiantu.village_region set valid = '[2020-01-01,2020-07-01)';
		insert into qiantu.region (code, level, name, parent, county) values ('130101002', 'township', 'u', '130101', '130101');
		insert into qiantu.village_region (county, village, township, valid) values ('130101', 1, '130101002', '[2020-07-01,)');
		update qiantu.road_version set valid = '[2020-01-01,2020-07-01)';
		insert into qiantu.road_version (county, road, number, valid, length_mm) values ('130101', 1, 2, '[2020-07-01,)', 1200000);
		insert into qiantu.road_segment (county, id, road, road_version, span) values ('130101', 2, 1, 2, '[0,1200000)');
		insert into qiantu.population (county, village, as_of, persons) values ('130101', 1, '2020-06-30', 40), ('130101', 1, '2020-07-01', 41);
		insert into qiantu.water_survey (county, id, village, on_date) values ('130101', 1, 1, '2020-06-01'), ('130101', 2, 1, '2020-07-01')`)
	type told struct {
		Township string
		Version  int32
		Segment  planner.ID
		Persons  int64
		Survey   planner.ID
	}
	on := func(d string) told {
		s := read(t, store, planner.SnapshotQuery{Region: "130101", AsOf: day(d)})
		if len(s.Segments) != 1 || len(s.Roads) != 1 || len(s.Surveys) != 1 {
			t.Fatalf("on %s there are %d segments, %d roads, %d surveys", d, len(s.Segments), len(s.Roads), len(s.Surveys))
		}
		persons, _ := s.Villages[0].Persons()
		return told{s.Villages[0].Township, s.Roads[0].Version, s.Segments[0].ID, persons, s.Surveys[0].ID}
	}
	if diff := cmp.Diff(told{"130101001", 1, 1, 40, 1}, on("2020-06-30")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(told{"130101002", 2, 2, 41, 2}, on("2020-07-01")); diff != "" {
		t.Error(diff)
	}
	early := read(t, store, planner.SnapshotQuery{Region: "130101", AsOf: day("2019-01-01")})
	if len(early.Roads) != 0 || len(early.Segments) != 0 || len(early.Progress) != 0 || len(early.Warnings) != 0 || early.Villages[0].Township != "" {
		t.Errorf("in 2019 there is already something: %+v", early)
	}
}

// Roads of the neighbours within 10 km come along, marked, each once.
func TestTheHalo(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	run(t, conn, `
		insert into qiantu.region (code, level, name, county, geom) values
		  ('150101', 'county', 'drawn', '150101', ST_GeomFromText('MULTIPOLYGON(((104 27,105 27,105 28,104 28,104 27)))', 4490)),
		  ('150102', 'county', 'not drawn', '150102', null);
		insert into qiantu.village (county, name, geom) values ('150102', 'v', ST_SetSRID(ST_MakePoint(105.01, 27.5), 4490));
		insert into qiantu.road (county, id) values ('150101', 1), ('150102', 2);
		insert into qiantu.road_version (county, road, length_mm) values ('150101', 1, 900), ('150102', 2, 900);
		insert into qiantu.road_segment (county, id, road, span, geom, built, valid) values
		  ('150101', 1, 1, '[0,100)',   ST_GeomFromText('LINESTRING(104.99 27.5,105 27.5)', 4490), 'built', '(,)'),
		  ('150102', 2, 2, '[0,100)',   ST_GeomFromText('LINESTRING(105 27.5,105.02 27.5)', 4490), 'built', '(,)'),
		  ('150102', 3, 2, '[100,200)', ST_GeomFromText('LINESTRING(105.09 27.5,105.3 27.5)', 4490), 'none', '(,)'),
		  ('150102', 4, 2, '[200,300)', ST_GeomFromText('LINESTRING(105.11 27.5,105.3 27.5)', 4490), 'built', '(,)'),
		  ('150102', 5, 2, '[300,400)', ST_GeomFromText('LINESTRING(105 27.2,105.02 27.2)', 4490), 'built', '(,2020-01-01)'),
		  ('150102', 6, 2, '[400,500)', null, 'built', '(,)'),
		  ('150102', 7, 2, '[500,600)', ST_GeomFromText('LINESTRING(104.4 27.2,104.5 27.2)', 4490), 'built', '(,)')`)
	told := func(region string, known time.Time) (own, halo []planner.ID) {
		for _, s := range read(t, store, planner.SnapshotQuery{Region: region, AsOf: day("2020-06-30"), KnownAt: known}).Segments {
			if s.Halo {
				halo = append(halo, s.ID)
			} else {
				own = append(own, s.ID)
			}
		}
		return own, halo
	}
	// 0.1 degrees of longitude are 9.88 km there: 3 begins within the halo, 4 beyond it; 5 has ended; 6 is nowhere; 7 lies inside.
	own, halo := told("150101", time.Time{})
	if !slices.Equal(own, []planner.ID{1}) || !slices.Equal(halo, []planner.ID{2, 3, 7}) {
		t.Errorf("the drawn county has %v and around it %v", own, halo)
	}
	own, halo = told("150102", time.Time{})
	if !slices.Equal(own, []planner.ID{2, 3, 4, 6, 7}) || !slices.Equal(halo, []planner.ID{1}) {
		t.Errorf("the county that is not drawn has %v and around it %v", own, halo)
	}
	at := value[time.Time](t, conn, `select clock_timestamp()`)
	run(t, conn, `delete from qiantu.road_segment where id = 3; update qiantu.road_segment set geom = ST_Translate(geom, 5, 0) where id = 2`)
	if _, halo = told("150101", time.Time{}); !slices.Equal(halo, []planner.ID{7}) {
		t.Errorf("after the edit %v are around", halo)
	}
	if _, halo = told("150101", at); !slices.Equal(halo, []planner.ID{2, 3, 7}) {
		t.Errorf("as known before the edit %v are around", halo)
	}
}

// border is a county that is drawn west of 105°, whose village v can only be reached over the roads of the next county, and a road
// on the boundary that both counties keep: the next one in two pieces, drawn the other way and a metre off.
const border = `
	insert into qiantu.region (code, level, name, county, geom, seat) values
	  ('150101', 'county', 'drawn', '150101', ST_GeomFromText('MULTIPOLYGON(((104 27,105 27,105 28,104 28,104 27)))', 4490), ST_SetSRID(ST_MakePoint(104.95, 27.5), 4490)),
	  ('150102', 'county', 'next', '150102', ST_GeomFromText('MULTIPOLYGON(((105 27,106 27,106 28,105 28,105 27)))', 4490), ST_SetSRID(ST_MakePoint(105.5, 27.5), 4490));
	insert into qiantu.village (county, id, name, geom, surveyed) values ('150101', 1, 'v', ST_SetSRID(ST_MakePoint(104.97, 27.6), 4490), true);
	insert into qiantu.road (county, id) values ('150101', 1), ('150101', 2), ('150101', 3), ('150102', 4), ('150102', 5);
	insert into qiantu.road_version (county, road, length_mm) values ('150101', 1, 5000000), ('150101', 2, 3000000), ('150101', 3, 5000000), ('150102', 4, 9000000), ('150102', 5, 5000000);
	insert into qiantu.road_segment (county, id, road, span, geom, built, surface, all_season, routable) values
	  ('150101', 1, 1, '[0,5000000)', ST_GeomFromText('LINESTRING(104.95 27.5,105 27.5)', 4490), 'built', 'cement', 'yes', true),
	  ('150101', 2, 2, '[0,3000000)', ST_GeomFromText('LINESTRING(105 27.6,104.97 27.6)', 4490), 'built', 'cement', 'yes', true),
	  ('150101', 3, 3, '[0,5000000)', ST_GeomFromText('LINESTRING(105 27.4,105 27.42,105 27.45)', 4490), 'built', 'earth', 'no', true),
	  ('150102', 4, 4, '[0,9000000)', ST_GeomFromText('LINESTRING(105 27.5,105.03 27.55,105 27.6)', 4490), 'built', 'cement', 'yes', true),
	  ('150102', 5, 5, '[0,2000000)', ST_GeomFromText('LINESTRING(105.00001 27.45,105.00001 27.43)', 4490), 'built', 'cement', 'yes', true),
	  ('150102', 6, 5, '[2000000,5000000)', ST_GeomFromText('LINESTRING(105.00001 27.43,105 27.4)', 4490), 'built', 'cement', 'yes', true)`

// A village that is joined to its seat only through the next county is
// connected, and a road that both counties keep is in the network once, as the
// county's own says it is.
func TestTheNextCountyConnects(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	run(t, conn, border)
	ids := func(region string) (own, halo []planner.ID, s *planner.Snapshot) {
		s = read(t, store, planner.SnapshotQuery{Region: region, AsOf: day("2020-06-30")})
		for _, seg := range s.Segments {
			if seg.Halo {
				halo = append(halo, seg.ID)
			} else {
				own = append(own, seg.ID)
			}
		}
		return own, halo, s
	}
	own, halo, s := ids("150101")
	if !slices.Equal(own, []planner.ID{1, 2, 3}) || !slices.Equal(halo, []planner.ID{4}) {
		t.Errorf("the county has %v and around it %v", own, halo)
	}
	if v := planner.Assess(s).Villages[0]; v.Connected != planner.Yes || v.Smooth != planner.Yes {
		t.Errorf("the village is connected: %s, by hardened roads: %s", v.Connected, v.Smooth)
	}
	if own, halo, _ = ids("150102"); !slices.Equal(own, []planner.ID{4, 5, 6}) || !slices.Equal(halo, []planner.ID{1, 2}) {
		t.Errorf("the next county has %v and around it %v", own, halo)
	}
	run(t, conn, `update qiantu.road_segment set all_season = 'no' where id = 4`)
	if _, _, s = ids("150101"); planner.Assess(s).Villages[0].Connected != planner.No {
		t.Error("the village is connected over a road that is closed by rain")
	}
	// A road that leaves the boundary is not the county's own.
	run(t, conn, `update qiantu.road_segment set geom = ST_GeomFromText('LINESTRING(105.00001 27.43,105.01 27.42,105 27.4)', 4490) where id = 6`)
	if _, halo, _ = ids("150101"); !slices.Equal(halo, []planner.ID{4, 6}) {
		t.Errorf("a road round a hill leaves %v around the county", halo)
	}
}

// The neighbour's end that stops short of the boundary is joined, one of an OpenStreetMap county is not.
func TestTheNextCountysEndsAreJoined(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	run(t, conn, border)
	run(t, conn, `update qiantu.road_segment set geom = ST_GeomFromText('LINESTRING(105.00003 27.5,105.03 27.55,105 27.6)', 4490) where id = 4`)
	connected := func() planner.Ternary {
		return planner.Assess(read(t, store, planner.SnapshotQuery{Region: "150101", AsOf: day("2020-06-30")})).Villages[0].Connected
	}
	if got := connected(); got != planner.Yes {
		t.Errorf("over an end 3 m from the boundary the village is connected: %s", got)
	}
	run(t, conn, `insert into qiantu.rule (code, version, valid, body) values ('15', 'strict', '(,)', '{"join_mm": 0}')`)
	if got := connected(); got != planner.No {
		t.Errorf("where nothing is joined the village is connected: %s", got)
	}
}

// The most specific rule and standard in force hold.
func TestRulesAndStandards(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	counties(t, conn, "130101", "130201", "140101")
	run(t, conn, `
		insert into qiantu.rule (code, version, valid, body) values
		  ('', 'nation', '(,)', '{"mask_below": 3}'), ('13', 'province', '(,)', '{"connect_mm": 1}'),
		  ('1301', 'prefecture', '[2020-01-01,)', '{"warning_steps_ppm": [1, 2, 3, 4]}'), ('130101', 'county', '[2021-01-01,)', '{}');
		insert into qiantu.water_standard select '13', 'dry', '*', '(,)', 40, 20, minutes_good, minutes_basic, distance_good, distance_basic,
		  climb_good, climb_basic, reliable_good, reliable_basic, 'x', now(), 'dry' from qiantu.water_standard`)
	for _, c := range []struct{ region, on, rule, standard string }{
		{"130101", "2019-06-01", "province", "dry"}, {"130101", "2020-06-01", "prefecture", "dry"}, {"130101", "2021-06-01", "county", "dry"},
		{"130201", "2021-06-01", "province", "dry"}, {"140101", "2021-06-01", "nation", "T/CHES 18-2018 wet"},
	} {
		s := read(t, store, planner.SnapshotQuery{Region: c.region, AsOf: day(c.on)})
		if s.Rules.Version != c.rule || s.Standard.Version != c.standard {
			t.Errorf("%s on %s has rule %q and standard %q, not %q and %q", c.region, c.on, s.Rules.Version, s.Standard.Version, c.rule, c.standard)
		}
	}
	want := planner.DefaultRules()
	want.Version, want.WarningStepsPPM = "prefecture", [4]int64{1, 2, 3, 4}
	if diff := cmp.Diff(want, read(t, store, planner.SnapshotQuery{Region: "130101", AsOf: day("2020-06-01")}).Rules); diff != "" {
		t.Errorf("what a rule leaves out is not the default:\n%s", diff)
	}
	for _, body := range []string{`{"conect_mm": 5}`, `{"connect_mm": -5}`, `{"warning_steps_ppm": [4, 3, 2, 1]}`, `[]`} {
		run(t, conn, `update qiantu.rule set body = $1 where version = 'county'`, body)
		if _, err := store.Snapshot(t.Context(), planner.SnapshotQuery{Region: "130101", AsOf: day("2021-06-01")}); planner.CodeOf(err) != planner.Invalid || !strings.Contains(err.Error(), "county") {
			t.Errorf("the rule %s gives %v", body, err)
		}
	}
}

// A standard may be tighter than the one above it and is refused where it is looser.
func TestStandardsAreNeverLooser(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	counties(t, conn, "130101")
	insert := func(code string, litres, minutes float64) string {
		return fmt.Sprintf(`insert into qiantu.water_standard (code, version, litres_good, litres_basic, minutes_good, minutes_basic, distance_good,
			distance_basic, climb_good, climb_basic, reliable_good, reliable_basic, source)
			values ('%s', 'own of %[1]s', %g, 40, 10, %g, 400, 800, 40, 80, 95, 90, 'x')`, code, litres, minutes)
	}
	if _, err := conn.Exec(t.Context(), insert("13", 59, 20)); err == nil || !strings.Contains(err.Error(), "never_looser_than_the_nation") {
		t.Errorf("59 litres are stored: %v", err)
	}
	run(t, conn, insert("13", 70, 15))
	if s := read(t, store, planner.SnapshotQuery{Region: "130101"}); s.Standard.LitresGood != 70 {
		t.Errorf("the standard is %+v", s.Standard)
	}
	run(t, conn, insert("130101", 80, 20)) // as loose as the nation's, looser than its province's
	_, err := store.Snapshot(t.Context(), planner.SnapshotQuery{Region: "130101"})
	if planner.CodeOf(err) != planner.Invalid || !strings.Contains(err.Error(), `"own of 130101" of code "130101": minutes_basic 20 is looser than the 15 of "own of 13"`) {
		t.Errorf("a county looser than its province gives %v", err)
	}
}

// A snapshot is one revision, whatever is written while it is read.
func TestASnapshotIsOneRevision(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	run(t, conn, ground)
	first := value[int64](t, conn, `select n from qiantu.revision`)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { // dwellings + persons is always 30 + 10 x revisions
		for ctx.Err() == nil {
			if _, err := conn.Exec(context.Background(), `begin; update qiantu.building set dwellings = dwellings + 4;
				update qiantu.move set persons = persons + 6; commit`); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	for range 100 {
		s := read(t, store, planner.SnapshotQuery{Region: "130101", AsOf: day("2020-06-01")})
		sum := s.Sites[0].Buildings[0].Dwellings + s.Moves[0].Persons
		if want := 30 + 10*(s.Revision-first); sum != want {
			t.Fatalf("at revision %d the sum is %d, not %d", s.Revision, sum, want)
		}
	}
}
