package data_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"go.uber.org/goleak"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

func TestOpenSaysTheMend(t *testing.T) {
	migrated := clustertest.DB(t)
	older, newer := clustertest.DB(t), clustertest.DB(t)
	run(t, connect(t, older), `update public.qiantu_schema_version set version = version - 1`)
	run(t, connect(t, newer), `update public.qiantu_schema_version set version = version + 1`)
	for name, c := range map[string]struct{ dsn, says string }{
		"not an address": {"postgres://%zz", "address"},
		"nobody there":   {"postgres://127.0.0.1:1/x?connect_timeout=2", "cannot be reached"},
		"no such base":   {otherBase(migrated), "cannot be reached"},
		"empty":          {clustertest.Empty(t), "qiantu migrate"},
		"older":          {older, "qiantu migrate"},
		"newer":          {newer, "newer qiantu"},
	} {
		store, err := data.Open(context.Background(), c.dsn, quiet)
		if err == nil {
			store.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.says) || planner.CodeOf(err) == "" {
			t.Errorf("%s: the error is %v (%s); it should speak of %q", name, err, planner.CodeOf(err), c.says)
		}
	}
}

// otherBase is a DSN, in either of its two spellings, with a database that is
// not there.
func otherBase(dsn string) string {
	if u, err := url.Parse(dsn); err == nil && strings.HasPrefix(u.Scheme, "postgres") {
		u.Path = "/qiantu_gone"
		return u.String()
	}
	return dsn + " dbname=qiantu_gone"
}

func TestOpenWarnsOfAServerThatForgets(t *testing.T) {
	dsn := clustertest.DB(t)
	conn := connect(t, dsn)
	run(t, conn, `do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`)
	var said []string
	store, err := data.Open(context.Background(), dsn, data.WithWarning(func(s string) { said = append(said, s) }))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "synchronous_commit") }) {
		t.Errorf("warnings: %q", said)
	}
	if fsync := value[string](t, conn, `show fsync`); (fsync == "off") != slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "fsync") }) {
		t.Errorf("fsync is %s; warnings: %q", fsync, said)
	}
}

func TestMigrateTakesAnEmptyDatabaseAndAMigratedOne(t *testing.T) {
	dsn := clustertest.Empty(t)
	for range 2 {
		if err := data.Migrate(t.Context(), dsn); err != nil {
			t.Fatal(err)
		}
	}
	store, err := data.Open(t.Context(), dsn, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if list, err := store.Counties(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("a fresh database holds %v, %v", list, err)
	}
}

func TestACountyIsStoredOnce(t *testing.T) {
	store, dsn := openStore(t)
	ctx := context.Background()
	load := &data.Load{County: testCounty, Regions: testRegions(testCounty)}
	for range 2 { // regions alone may come before the rest
		if _, err := store.Store(ctx, load); err != nil {
			t.Fatal(err)
		}
	}
	load.Facilities = []planner.Facility{{ID: 1, Kind: "school", Point: orb.Point{104, 27}}}
	if _, err := store.Store(ctx, load); err != nil {
		t.Fatal(err)
	}
	_, err := store.Store(ctx, load)
	if planner.CodeOf(err) != planner.Conflict || !strings.Contains(err.Error(), testCounty) {
		t.Errorf("the second time gives %v", err)
	}
	load.Add = true
	if _, err := store.Store(ctx, load); err != nil {
		t.Fatal(err)
	}
	if n := value[int](t, connect(t, dsn), `select count(*) from qiantu.facility`); n != 2 {
		t.Errorf("%d facilities are stored", n)
	}
	load.Regions[2].Name = "另县"
	if _, err = store.Store(ctx, load); planner.CodeOf(err) != planner.Conflict || !strings.Contains(err.Error(), "name") {
		t.Errorf("a region of another name gives %v", err)
	}
}

// A load with one fault is refused with the fault named, and leaves nothing.
func TestAFaultyLoadLeavesNothing(t *testing.T) {
	store, dsn := openStore(t)
	conn := connect(t, dsn)
	span := chainage.Span{To: 1000}
	for name, c := range map[string]struct {
		spoil func(*data.Load)
		says  string
	}{
		"no county":          {func(l *data.Load) { l.County = "" }, "no county"},
		"an id twice":        {func(l *data.Load) { l.Villages[1].ID = 1 }, "the id 1"},
		"an id of zero":      {func(l *data.Load) { l.Roads[0].ID = 0 }, "run from 1"},
		"a road nobody has":  {func(l *data.Load) { l.Segments[0].Road = 9 }, "road 9"},
		"a backward span":    {func(l *data.Load) { l.Segments[0].Span = chainage.Span{From: 5, To: 3} }, "[5,3)"},
		"a span beyond":      {func(l *data.Load) { l.Segments[0].Span.To = 1001 }, "outside its measure"},
		"a halo segment":     {func(l *data.Load) { l.Segments[0].Halo = true }, "halo"},
		"a township nobody":  {func(l *data.Load) { l.Villages[0].Township = "nowhere" }, "nowhere"},
		"a place off earth":  {func(l *data.Load) { l.Villages[1].Point = orb.Point{104, 99} }, "line 2"},
		"an unknown surface": {func(l *data.Load) { l.Segments[0].Surface = "gold" }, "road_segment"},
		"money at odds": {func(l *data.Load) {
			l.Funding = []planner.FundingItem{{Programme: 1, Source: "state", PlannedFen: ptr(int64(5))}}
		}, "adds up to 5"},
		"a survey of nobody":    {func(l *data.Load) { l.Surveys = []planner.WaterSurvey{{ID: 1, Village: 7, On: lastDay}} }, "village 7"},
		"a contract of nobody":  {func(l *data.Load) { l.Contracts = []planner.Contract{{ID: 1, Programme: 4, Code: "HT"}} }, "programme 4"},
		"an override of nobody": {func(l *data.Load) { l.Overrides = []planner.Override{{Progress: "x", Rule: "R04", Reason: "y"}} }, "report x"},
		"a version without end": {func(l *data.Load) {
			l.Earlier = []data.EarlierVersion{{RoadVersion: planner.RoadVersion{Road: 1, Length: 5}}}
		}, "no day that it ended"},
		"an applied submission": {func(l *data.Load) {
			l.Submissions = []planner.Submission{{ID: "00000000-0000-7000-8000-000000000001", Status: planner.SubmissionApplied}}
		}, "give it as progress"},
		"an empty file": {func(l *data.Load) { l.Files = []data.File{{Attachment: planner.Attachment{Name: "f.pdf"}}} }, "f.pdf"},
		"an unknown result": {func(l *data.Load) {
			l.Inspections = []planner.Inspection{{ID: 1, Kind: "planned", Road: 1, Span: span, On: lastDay, Result: "perhaps"}}
		}, "inspection"},
		"a report without id": {func(l *data.Load) {
			l.Progress = []planner.Progress{{Road: 1, Span: span, Stage: "surface", On: lastDay}}
		}, "not a UUID"},
		"the last noun": {func(l *data.Load) { l.References = []planner.Reference{{ID: 1, Layer: "", Geometry: orb.Point{1, 1}}} }, "reference"},
		"a shape that is not": {func(l *data.Load) {
			l.References = []planner.Reference{{ID: 1, Layer: "river", Geometry: orb.Collection{}}}
		}, "Collection"},
	} {
		t.Run(name, func(t *testing.T) {
			load := &data.Load{
				County: testCounty, Regions: testRegions(testCounty),
				Villages:   []planner.Village{{ID: 1, Name: "a", Point: orb.Point{104, 27}}, {ID: 2, Name: "b", Point: orb.Point{104, 27}}},
				Roads:      []planner.Road{{ID: 1, Length: 1000}},
				Segments:   []planner.Segment{{ID: 1, Road: 1, Span: span}},
				Programmes: []planner.Programme{{ID: 1, Name: "p", Starts: day("2020-01-01"), Deadline: lastDay, PlannedFen: ptr(int64(7))}},
			}
			c.spoil(load)
			_, err := store.Store(context.Background(), load)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("the error is %v; it should speak of %q", err, c.says)
			}
			if planner.CodeOf(err) != planner.Invalid {
				t.Errorf("the error is %q", planner.CodeOf(err))
			}
			if n := value[int](t, conn, `select count(*) from qiantu.region`); n != 0 {
				t.Errorf("%d regions are left behind", n)
			}
			if n := value[int64](t, conn, `select n from qiantu.revision`); n != 0 {
				t.Errorf("the revision is %d", n)
			}
		})
	}
}

func TestCountiesAreListedWithWhatTheyHold(t *testing.T) {
	store, _ := openStore(t)
	ctx := context.Background()
	for _, county := range []string{"990102", "990101"} {
		load := &data.Load{
			County: county, Regions: testRegions(county),
			Villages: []planner.Village{{ID: 1, Name: "a", Point: orb.Point{103.5, 27.5}}},
			Roads:    []planner.Road{{ID: 1, Length: 10}, {ID: 2, Length: 10}},
			Sites:    []planner.Site{{ID: 1, Name: "s", Gate: orb.Point{104, 29}}},
		}
		if _, err := store.Store(ctx, load); err != nil {
			t.Fatal(err)
		}
	}
	list, err := store.Counties(ctx)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d counties, %v", len(list), err)
	}
	got := list[0]
	if got.Code != "990101" || got.Name != "试县" || got.DataDate != lastDay || !got.Sample {
		t.Errorf("the first is %+v", got.Region)
	}
	if want := (orb.Bound{Min: orb.Point{103.5, 27}, Max: orb.Point{105, 29}}); got.Bounds != want {
		t.Errorf("its bounds are %v, not %v", got.Bounds, want)
	}
	for layer, want := range map[string]int{"village": 1, "road": 2, "road_segment": 0, "water_project": 0, "relocation_site": 1} {
		if n, ok := got.Counts[layer]; n != want || !ok {
			t.Errorf("%d of %s, not %d", n, layer, want)
		}
	}
}

// Many callers share few connections; none is lost when callers give up.
func TestManyCallers(t *testing.T) {
	before := goleak.IgnoreCurrent()
	store, err := data.Open(context.Background(), clustertest.DB(t), quiet)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			ctx, stop := context.WithCancel(context.Background())
			if i%3 == 0 {
				stop()
			}
			defer stop()
			if _, _, err := store.Revision(ctx); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if _, _, err := store.Revision(context.Background()); err != nil {
		t.Error(err)
	}
	store.Close()
	if _, _, err := store.Revision(context.Background()); planner.CodeOf(err) != planner.Unavailable {
		t.Errorf("a closed store says %v", err)
	}
	goleak.VerifyNone(t, before)
}

// The server was started again: idle connections are dead, the store goes on.
func TestAStoreOutlivesItsConnections(t *testing.T) {
	store, dsn := openStore(t)
	for range 3 {
		if _, _, err := store.Revision(t.Context()); err != nil {
			t.Fatal(err)
		}
		killed := value[int](t, connect(t, dsn), `select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity
			where datname = current_database() and pid <> pg_backend_pid()`)
		if killed == 0 {
			t.Fatal("no connection was there to be killed")
		}
	}
}
