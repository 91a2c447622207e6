package api

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// fakeStore is a store in memory: snapshots made by hand, one revision for all.
type fakeStore struct {
	*fakePeople
	mu        sync.Mutex
	revision  int64
	snapshots map[string]*planner.Snapshot
	err       error         // of every call, when set
	delay     time.Duration // before Snapshot reads
	asked     []planner.SnapshotQuery
	scenarios map[string][]planner.Scenario // by county
	moved     int64                         // the revision of the last change of facts, whether the server was told of it or not
	past      *planner.Snapshot             // as known at any instant before; nil: as now
}

var day = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

func newFake(snapshots ...*planner.Snapshot) *fakeStore {
	f := &fakeStore{fakePeople: newFakePeople(), revision: 7, snapshots: map[string]*planner.Snapshot{}}
	for _, s := range snapshots {
		f.snapshots[s.Region.Code] = s
		f.tree[s.Region.Code] = s.Region.Parent
		for _, t := range s.Townships {
			f.tree[t.Code] = s.Region.Code
		}
	}
	return f
}

func (f *fakeStore) Counties(context.Context) ([]planner.County, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []planner.County
	for _, code := range sortedKeys(f.snapshots) {
		s := f.snapshots[code]
		bounds := s.Villages[0].Point.Bound()
		for i := range s.Segments {
			bounds = bounds.Union(s.Segments[i].Line.Bound())
		}
		out = append(out, planner.County{Region: s.Region, Bounds: bounds, Counts: map[string]int{"village": len(s.Villages)}})
	}
	return out, f.err
}

func (f *fakeStore) Revision(context.Context) (int64, time.Time, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.revision, day, f.err
}

func (f *fakeStore) Snapshot(_ context.Context, q planner.SnapshotQuery) (*planner.Snapshot, error) {
	time.Sleep(f.delay)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, q)
	s, ok := f.snapshots[q.Region]
	switch {
	case f.err != nil:
		return nil, f.err
	case !ok:
		return nil, planner.Errorf(planner.NotFound, "no region %s", q.Region)
	}
	if f.past != nil && !q.KnownAt.IsZero() {
		s = f.past
	}
	out := *s
	out.Revision, out.KnownAt = f.revision, q.KnownAt
	if !q.AsOf.IsZero() {
		out.AsOf = q.AsOf
		out.Progress = slices.DeleteFunc(slices.Clone(s.Progress), func(p planner.Progress) bool { return p.On > q.AsOf })
	}
	return &out, nil
}

// queries are the snapshots that were asked for.
func (f *fakeStore) queries() []planner.SnapshotQuery {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

// snapshot is a county as it stands.
func (f *fakeStore) snapshot(code string) *planner.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.snapshots[code]
}

// edit changes a county's snapshot, as a commit would, and returns the change.
func (f *fakeStore) edit(code string, change func(*planner.Snapshot)) planner.Change {
	f.mu.Lock()
	defer f.mu.Unlock()
	next := *f.snapshots[code]
	next.Segments, next.Villages = slices.Clone(next.Segments), slices.Clone(next.Villages)
	change(&next)
	f.snapshots[code] = &next
	f.fact(code)
	f.revision++
	return planner.Change{Revision: f.revision, Counties: []string{code}}
}

func date(s string) planner.Date {
	d, err := planner.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func ptr[T any](v T) *T { return &v }

// square is a boundary of side degrees with its corner at lon, lat.
func square(lon, lat, side float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}}
}

// county makes a small county by hand: a township in the west and one in the
// east, a trunk road through both of which half of the eastern piece is done,
// a length-only road, three villages, a site with a building, a move, a work.
func smallCounty(code string, lon float64) *planner.Snapshot {
	seat := orb.Point{lon + 0.02, 27.1}
	west := orb.LineString{seat, {lon + 0.2, 27.1}}
	east := orb.LineString{{lon + 0.2, 27.1}, {lon + 0.35, 27.12}}
	wl, el := int64(geo.Length(west)), int64(geo.Length(east))
	return &planner.Snapshot{
		Region: planner.Region{
			Code: code, Level: planner.LevelCounty, Name: "测试县" + code, NameEN: "Test " + code, Seat: &seat,
			DataDate: date("2020-06-30"), Sample: true, Notice: "虚构数据", NoticeEN: "invented", Source: "test",
		},
		AsOf: date("2020-06-30"),
		Townships: []planner.Region{
			{Code: code + "100", Level: planner.LevelTownship, Name: "西镇", NameEN: "West", Parent: code, Boundary: square(lon, 27, 0.2)},
			{Code: code + "101", Level: planner.LevelTownship, Name: "东乡", NameEN: "East", Parent: code, Boundary: square(lon+0.2, 27, 0.2)},
		},
		Villages: []planner.Village{
			{ID: 1, Code: code + "100201", Name: "大坪", Kind: "administrative", Township: code + "100", Point: orb.Point{lon + 0.1, 27.1005}, Surveyed: true,
				Population: &planner.Population{AsOf: date("2020-01-01"), Households: ptr(int64(40)), Persons: ptr(int64(160)), Source: "census"}},
			{ID: 2, Name: "小寨", Kind: "hamlet", Township: code + "101", Point: orb.Point{lon + 0.3, 27.15}, Surveyed: true,
				Population: &planner.Population{AsOf: date("2020-01-01"), Households: ptr(int64(3)), Persons: ptr(int64(12)), Source: "census"}},
			{ID: 3, Name: "岩脚", Kind: "hamlet", Township: code + "101", Point: orb.Point{lon + 0.349, 27.1202}, Surveyed: true},
		},
		Roads: []planner.Road{
			{ID: 1, Code: "C101", Name: "大坪路", Class: "class4", Version: 1, Length: wl + el, Line: append(slices.Clone(west), east[1])},
			{ID: 2, Name: "未绘路", NameEN: "Undrawn Road", Class: "class4", Township: code + "101", Version: 1, Length: 5_000_000},
		},
		Segments: []planner.Segment{
			{ID: 11, Road: 1, Version: 1, Span: chainage.Span{From: 0, To: wl}, Class: "class4", Surface: "cement", AllSeason: planner.Yes,
				Built: planner.BuiltYes, Direction: planner.Both, Routable: true, Township: code + "100", Line: west},
			{ID: 12, Road: 1, Version: 1, Span: chainage.Span{From: wl, To: wl + el}, Class: "class4", Surface: "earth", AllSeason: planner.No,
				Built: planner.BuiltYes, Direction: planner.Both, Routable: true, Township: code + "101", Line: east},
		},
		Programmes: []planner.Programme{{
			ID: 5, Code: "P2020", Name: "通组路", NameEN: "Hamlet roads", Kind: "hamlet_road", Starts: date("2020-01-01"), Deadline: date("2020-12-31"),
			CompletingStage: planner.StageSurface, Surface: "cement", AllSeason: planner.Yes, PlannedFen: ptr(int64(800_000_00)), PaidFen: ptr(int64(300_000_00)),
			Scope: []planner.ScopeItem{{ID: 1, Road: 1, Version: 1, Span: chainage.Span{From: wl, To: wl + el}}},
		}},
		Progress: []planner.Progress{
			{ID: "0193-a", Road: 1, Version: 1, Span: chainage.Span{From: wl, To: wl + el/2}, Stage: planner.StageSurface, On: date("2020-05-01"), Recorded: day, Reporter: "王工"},
		},
		Water:    []planner.WaterProject{{ID: 1, Name: "龙潭水厂", Kind: "central", Status: "built", Point: orb.Point{lon + 0.12, 27.08}, Serves: []planner.ID{1}}},
		Surveys:  []planner.WaterSurvey{{ID: 1, Village: 1, On: date("2020-03-01"), LitresPerDay: ptr(60.0), QualityOK: ptr(true), FetchMinutes: ptr(5.0), ReliabilityPct: ptr(97.0)}},
		Standard: planner.WaterStandard{Version: "T/CHES 18-2018", LitresGood: 60, LitresBasic: 40, MinutesGood: 10, MinutesBasic: 20, DistanceGood: 400, DistanceBasic: 800, ClimbGood: 40, ClimbBasic: 80, ReliableGood: 95, ReliableBasic: 90},
		Sites: []planner.Site{{ID: 1, Code: "S1", Name: "安置点", Mode: "county_town", Township: code + "100", Gate: orb.Point{lon + 0.03, 27.1}, CapacityPersons: ptr(int64(500)),
			Buildings: []planner.Building{{ID: 1, Name: "1号楼", Dwellings: 30, Events: []planner.BuildingEvent{{ID: "b", Stage: planner.DwellingStarted, On: date("2020-02-01")}}}}}},
		Moves: []planner.Move{{ID: 1, Village: 2, Site: 1, Households: 30, Persons: 120, Registered: 20, RegisteredPersons: 80,
			Events: []planner.MoveEvent{{ID: "m", Stage: "moved_in", Households: 10, Persons: 40, Registered: 8, RegisteredPersons: 30, On: date("2020-04-01")}}}},
		Facilities: []planner.Facility{{ID: 1, Kind: "county_seat", Name: "县城", Point: seat}},
		References: []planner.Reference{{ID: 1, Layer: "river", Kind: "river", Name: "六曲河", Geometry: orb.LineString{{lon, 27.05}, {lon + 0.4, 27.06}}}},
		Rules:      planner.DefaultRules(),
	}
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// live starts a server over a store and waits for its first world.
func live(t testing.TB, store *fakeStore) (*Server, chan<- planner.Change) {
	t.Helper()
	ledger := newFakeLedger(store)
	t.Cleanup(func() { close(ledger.gone) })
	s := New(Config{Store: store, Ledger: ledger, Now: func() time.Time { return day }, Log: quiet(), Version: "test"})
	ledger.changes = runOn(t, s)
	return s, ledger.changes
}

// runOn runs a server until the test ends and waits for its first world.
func runOn(t testing.TB, s *Server) chan<- planner.Change {
	t.Helper()
	changes := make(chan planner.Change)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, changes) }()
	t.Cleanup(func() {
		s.hub.stop()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run ended with %v", err)
		}
	})
	until(t, "the first world", func() bool { return s.world.Load() != nil })
	return changes
}

// until waits for something that has to come.
func until(t testing.TB, what string, ready func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ready(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s did not come", what)
		}
	}
}
