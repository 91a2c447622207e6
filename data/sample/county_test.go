package sample

import (
	"testing"
	"time"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// seeds are tried by every test of totals.
var seeds = []uint64{0, 1, 7, 20200630}

// roadSpans is a set of spans on roads.
type roadSpans map[planner.ID][]chainage.Span

func (s roadSpans) sets() map[planner.ID]chainage.Set {
	out := map[planner.ID]chainage.Set{}
	for road, spans := range s {
		out[road] = chainage.NewSet(spans...)
	}
	return out
}

// counted is the completion of a programme by township, worked out from the
// load by another way than the planner's: scope, started, completed, carried
// and disputed, in millimetres.
type tally struct{ scope, started, completed, carried, disputed int64 }

func completion(l *data.Load, programme planner.ID) (county tally, byTown map[string]tally) {
	reported, carried, any, contested := roadSpans{}, roadSpans{}, roadSpans{}, roadSpans{}
	for _, p := range l.Progress {
		if p.Programme == 0 || p.Programme == programme {
			any[p.Road] = append(any[p.Road], p.Span)
		}
		switch {
		case p.Stage != planner.StageSurface:
		case p.Programme != 0 && p.Programme < programme:
			carried[p.Road] = append(carried[p.Road], p.Span)
		default:
			reported[p.Road] = append(reported[p.Road], p.Span)
		}
	}
	for _, d := range l.Disputes {
		contested[d.Road] = append(contested[d.Road], d.Span)
	}
	town := townshipOfRoads(l)
	done, old, started, held := reported.sets(), carried.sets(), any.sets(), contested.sets()
	byTown = map[string]tally{}
	for _, item := range l.Programmes[programme-1].Scope {
		scope := chainage.NewSet(item.Span)
		was := scope.Intersect(old[item.Road])
		claimed := scope.Intersect(done[item.Road]).Subtract(was)
		t := tally{
			scope: scope.Length(), started: scope.Intersect(started[item.Road]).Length(), carried: was.Length(),
			completed: claimed.Subtract(held[item.Road]).Length(), disputed: claimed.Intersect(held[item.Road]).Length(),
		}
		county = county.plus(t)
		byTown[town[item.Road]] = byTown[town[item.Road]].plus(t)
	}
	return county, byTown
}

func (t tally) plus(o tally) tally {
	return tally{t.scope + o.scope, t.started + o.started, t.completed + o.completed, t.carried + o.carried, t.disputed + o.disputed}
}

func townshipOfRoads(l *data.Load) map[planner.ID]string {
	town := map[planner.ID]string{}
	for _, r := range l.Roads {
		town[r.ID] = r.Township
	}
	for _, s := range l.Segments {
		town[s.Road] = s.Township
	}
	return town
}

func TestCompletionIsThePublishedOne(t *testing.T) {
	for _, seed := range seeds {
		t0 := time.Now()
		l := County(Options{Seed: seed})
		t.Logf("seed %d: %v", seed, time.Since(t0))
		county, byTown := completion(l, hamletProgramme)
		if county.scope != 800_000_000 || county.started != 800_000_000 || county.completed != 366_000_000 {
			t.Errorf("seed %d: %+v", seed, county)
		}
		if county.carried == 0 || county.disputed == 0 {
			t.Errorf("seed %d: nothing carried over or disputed: %+v", seed, county)
		}
		t.Logf("%+v %d places %d routes %d progress %d segments %d surveys", county, len(l.Villages), len(l.Roads), len(l.Progress), len(l.Segments), len(l.Surveys))
		if len(byTown) != 27 {
			t.Errorf("seed %d: %d townships have a task", seed, len(byTown))
		}
	}
}
