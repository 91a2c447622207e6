package sample

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// seeds are tried by every test of totals.
var seeds = []uint64{0, 1, 7, 20200630}

var (
	invented     = map[uint64]*data.Load{}
	inventedLock sync.Mutex
)

// county is the demo county of a seed, made once. Tests do not change it.
func county(seed uint64) *data.Load {
	inventedLock.Lock()
	defer inventedLock.Unlock()
	if invented[seed] == nil {
		invented[seed] = County(Options{Seed: seed})
	}
	return invented[seed]
}

// snapshotOf is what the store would read back of a load on its data date.
func snapshotOf(l *data.Load) *planner.Snapshot {
	s := &planner.Snapshot{
		Region: l.Regions[0], AsOf: l.Regions[0].DataDate, Townships: townshipsOf(l), Villages: l.Villages, Roads: l.Roads,
		Segments: l.Segments, Programmes: l.Programmes, Disputes: l.Disputes, Warnings: l.Warnings, Duties: l.Duties, Water: l.Water,
		Sites: l.Sites, Moves: l.Moves, Target: l.Target, Facilities: l.Facilities, References: l.References, Rules: planner.DefaultRules(), Heights: l.Terrain,
		Standard: planner.WaterStandard{
			Version: "T/CHES 18-2018", LitresGood: 60, LitresBasic: 35, MinutesGood: 10, MinutesBasic: 20,
			DistanceGood: 400, DistanceBasic: 800, ClimbGood: 40, ClimbBasic: 80, ReliableGood: 95, ReliableBasic: 90,
		},
	}
	for _, p := range l.Progress {
		if p.On <= s.AsOf {
			s.Progress = append(s.Progress, p)
		}
	}
	ledger(s, l)
	latest := map[planner.ID]int{}
	for _, v := range l.Surveys {
		i, seen := latest[v.Village]
		switch {
		case !seen:
			latest[v.Village] = len(s.Surveys)
			s.Surveys = append(s.Surveys, v)
		case s.Surveys[i].On < v.On:
			s.Surveys[i] = v
		}
	}
	return s
}

// ledger puts the ledger of works into a snapshot.
func ledger(s *planner.Snapshot, l *data.Load) {
	s.Contracts, s.Funding, s.Totals = l.Contracts, l.Funding, l.Totals
	version, since := map[planner.ID]int32{}, map[planner.ID]planner.Date{}
	for _, v := range l.Earlier {
		s.Versions = append(s.Versions, v.RoadVersion)
		since[v.Road] = v.To
	}
	for _, r := range l.Roads {
		version[r.ID] = r.Version
		s.Versions = append(s.Versions, planner.RoadVersion{Road: r.ID, Number: r.Version, Length: r.Length, From: since[r.ID]})
	}
	slices.SortFunc(s.Versions, func(a, b planner.RoadVersion) int { return int(a.Road-b.Road)*100 + int(a.Number-b.Number) })
	s.Segments = nil
	for _, g := range l.Segments {
		if g.Version == version[g.Road] {
			s.Segments = append(s.Segments, g)
		}
	}
	for i, o := range l.Operations {
		for _, m := range o.Mappings {
			m.Operation, m.On = planner.ID(i+1), o.On
			s.Mappings = append(s.Mappings, m)
		}
	}
	for _, i := range l.Inspections {
		if i.Result == "" || i.On <= s.AsOf {
			s.Inspections = append(s.Inspections, i)
		}
	}
	for _, f := range l.Files {
		s.Attachments = append(s.Attachments, f.Attachment)
	}
}

// tally is the completion of a programme in millimetres.
type tally struct{ scope, started, completed, carried, disputed int64 }

func (t tally) plus(o tally) tally {
	return tally{t.scope + o.scope, t.started + o.started, t.completed + o.completed, t.carried + o.carried, t.disputed + o.disputed}
}

// spansBy unites the spans of the reports that a test accepts, by road.
func spansBy(l *data.Load, accept func(planner.Progress) bool) map[planner.ID]chainage.Set {
	spans := map[planner.ID][]chainage.Span{}
	for _, p := range l.Progress {
		if accept(p) {
			spans[p.Road] = append(spans[p.Road], p.Span)
		}
	}
	out := map[planner.ID]chainage.Set{}
	for road, s := range spans {
		out[road] = chainage.NewSet(s...)
	}
	return out
}

// completion works out a programme by another way than the planner's.
func completion(l *data.Load, programme planner.ID) (all tally) {
	started := spansBy(l, func(p planner.Progress) bool { return p.Programme == 0 || p.Programme == programme })
	claimed := spansBy(l, func(p planner.Progress) bool {
		return p.Stage == planner.StageSurface && (p.Programme == 0 || p.Programme == programme)
	})
	before := spansBy(l, func(p planner.Progress) bool {
		return p.Stage == planner.StageSurface && p.Programme != 0 && p.Programme < programme
	})
	held := map[planner.ID]chainage.Set{}
	for _, d := range l.Disputes {
		held[d.Road] = held[d.Road].Union(chainage.NewSet(d.Span))
	}
	for _, item := range l.Programmes[programme-1].Scope {
		scope := chainage.NewSet(item.Span)
		carried := scope.Intersect(before[item.Road])
		done := scope.Intersect(claimed[item.Road]).Subtract(carried)
		all = all.plus(tally{
			scope: scope.Length(), started: scope.Intersect(started[item.Road]).Length(), carried: carried.Length(),
			completed: done.Subtract(held[item.Road]).Length(), disputed: done.Intersect(held[item.Road]).Length(),
		})
	}
	return all
}

func TestReportsAddUpWithoutThePlanner(t *testing.T) {
	for _, seed := range seeds {
		l := county(seed)
		main := completion(l, hamletProgramme)
		if main.scope != 800_000_000 || main.started != main.scope || main.completed != 366_000_000 || main.carried != 0 {
			t.Errorf("seed %d: %+v", seed, main)
		}
		if main.disputed == 0 {
			t.Errorf("seed %d: nothing is disputed", seed)
		}
		pilot := completion(l, pilotProgramme)
		if pilot.carried == 0 || pilot.carried+pilot.completed != pilot.scope {
			t.Errorf("seed %d: the pilot should be complete with a part carried over: %+v", seed, pilot)
		}
		sum := int64(0)
		for _, p := range l.Progress {
			if p.Programme == hamletProgramme && p.Stage == planner.StageSurface {
				sum += p.Span.Length()
			}
		}
		if sum <= main.completed+main.disputed {
			t.Errorf("seed %d: no metre is reported twice", seed)
		}
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	digest := func(l *data.Load) [32]byte {
		b, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		return sha256.Sum256(b)
	}
	first := digest(county(1))
	if again := digest(County(Options{Seed: 1})); again != first {
		t.Error("the same seed gave another county")
	}
	if other := digest(county(7)); other == first {
		t.Error("another seed gave the same county")
	}
	if county(1).Villages[0].Point == county(7).Villages[0].Point {
		t.Error("another seed put the county seat at the same place")
	}
}

func TestAnyNumberOfVillages(t *testing.T) {
	for _, n := range []int{60, 250, 1000, 6000} {
		start := time.Now()
		calls := 0
		l := County(Options{Seed: 3, Villages: n, Progress: func(done, total int) {
			calls++
			if done != calls || total != steps {
				t.Errorf("%d villages: progress %d of %d at call %d", n, done, total, calls)
			}
		}})
		if len(l.Villages) != n || calls != steps {
			t.Errorf("asked for %d villages, got %d with %d calls of progress", n, len(l.Villages), calls)
		}
		if got := completion(l, hamletProgramme); got.scope != 800_000_000 || n >= 1000 && got.completed != 366_000_000 {
			t.Errorf("%d villages: %+v", n, got)
		}
		t.Logf("%d villages in %v", n, time.Since(start))
	}
}

func BenchmarkCounty(b *testing.B) {
	for b.Loop() {
		County(Options{Seed: 1})
	}
}

func townshipsOf(l *data.Load) []planner.Region {
	var out []planner.Region
	for _, r := range l.Regions {
		if r.Level == planner.LevelTownship {
			out = append(out, r)
		}
	}
	return out
}
