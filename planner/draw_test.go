package planner

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/chainage"
)

// drawnCounty has a completed road of each of some lengths, in millimetres.
func drawnCounty(lengths ...int64) *Snapshot {
	s := &Snapshot{Region: Region{Code: "county"}, AsOf: 737_000, Rules: DefaultRules(), Townships: []Region{{Code: "T0"}, {Code: "T1"}}}
	p := Programme{ID: 1, Starts: 736_000, Deadline: 738_000, CompletingStage: StageSurface}
	for i, length := range lengths {
		id := ID(i + 1)
		s.Roads = append(s.Roads, Road{ID: id, Version: 1, Length: length, Township: fmt.Sprint("T", i%2)})
		p.Scope = append(p.Scope, ScopeItem{ID: id, Road: id, Version: 1, Span: mm(0, length)})
		s.Progress = append(s.Progress, Progress{ID: fmt.Sprint("e", i), Road: id, Version: 1, Span: mm(0, length), Stage: StageSurface, On: 736_500})
	}
	s.Programmes = []Programme{p}
	return s
}

func TestDrawIsContained(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawCounty(t)
		a := Assess(s)
		o := DrawOptions{
			Programme: ID(rapid.IntRange(0, 2).Draw(t, "programme")), Township: rapid.SampledFrom([]string{"", "T1", "T2"}).Draw(t, "township"),
			Count: rapid.IntRange(1, 20).Draw(t, "count"), Length: rapid.Int64Range(1, 2*roadMM).Draw(t, "length"), Seed: rapid.Int64().Draw(t, "seed"), On: 90,
		}
		drawn := a.DrawInspections(o)
		taken, cells := map[routeKey]chainage.Set{}, int64(0)
		for _, r := range a.completedRuns(o) {
			cells += (r.span.Length() + o.Length - 1) / o.Length
		}
		if int64(len(drawn)) != min(int64(o.Count), cells) {
			t.Fatalf("%d drawn of %d, wanted %d", len(drawn), cells, o.Count)
		}
		for _, d := range drawn {
			key, set := routeKey{d.Road, d.Version}, chainage.NewSet(d.Span)
			if d.Span.Length() < 1 || d.Span.Length() > o.Length || taken[key].Overlaps(set) {
				t.Fatalf("%v of %d mm beside %v", d.Span, o.Length, taken[key])
			}
			if d.Kind != InspectionRandom || d.Result != "" || *d.Seed != o.Seed || d.On != 90 {
				t.Fatalf("%+v is not to be held", d)
			}
			taken[key] = taken[key].Union(set)
			inside(t, a, o, key, set)
		}
		if diff := cmp.Diff(drawn, a.DrawInspections(o)); diff != "" {
			t.Fatal("the same seed draws another:", diff)
		}
	})
}

// inside holds a drawn set against the completed metres of its programme, and of
// its township.
func inside(t *rapid.T, a *Assessment, o DrawOptions, key routeKey, set chainage.Set) {
	for i, p := range a.Programmes {
		if p.Programme.ID != o.Programme && (o.Programme != 0 || i != a.Current) {
			continue
		}
		for _, w := range p.Works {
			if (routeKey{w.Road, w.Version}) == key && w.Completed.Covers(set) {
				for _, st := range a.stretches(key, set) {
					if o.Township != "" && a.scopeOf(townshipsOf(st)[0]) != o.Township && a.scopeOf(townshipsOf(st)[len(townshipsOf(st))-1]) != o.Township {
						t.Fatalf("%v of road %d is not in %s", set, key.Road, o.Township)
					}
				}
				return
			}
		}
	}
	t.Fatalf("%v of road %d is not completed", set, key.Road)
}

// Each metre is drawn as often as any other: those at the ends of a road, those
// of roads shorter than the interval, and all others.
func TestDrawIsUniform(t *testing.T) {
	const times, count = 20_000, 3
	lengths := []int64{7, 25, 3, 40, 10, 1}
	a := Assess(drawnCounty(lengths...))
	hits := make([][]int, len(lengths))
	var cells int64
	for i, length := range lengths {
		hits[i] = make([]int, length)
		cells += (length + 9) / 10
	}
	for seed := range int64(times) {
		for _, d := range a.DrawInspections(DrawOptions{Count: count, Length: 10, Seed: seed}) {
			for at := d.Span.From; at < d.Span.To; at++ {
				hits[d.Road-1][at]++
			}
		}
	}
	share := float64(count) / float64(cells)
	expected, spread := times*share, math.Sqrt(times*share*(1-share))
	var chi float64
	n := 0
	for road, list := range hits {
		for at, hit := range list {
			z := (float64(hit) - expected) / spread
			chi += z * z
			n++
			if math.Abs(z) > 5 {
				t.Errorf("mm %d of road %d was drawn %d times, expected %.0f", at, road+1, hit, expected)
			}
		}
	}
	// Metres of one interval hang together, so this is looser than the table.
	if mean := chi / float64(n); mean > 2 {
		t.Errorf("chi-square over metres is %.2f, expected about 1", mean)
	}
}

func TestDrawOfATownshipAndOfTooFew(t *testing.T) {
	a := Assess(drawnCounty(1000, 2000))
	for _, d := range a.DrawInspections(DrawOptions{Township: "T1", Count: 5, Length: 300, Seed: 4}) {
		if d.Road != 2 {
			t.Errorf("road %d is not in T1", d.Road)
		}
	}
	if got := a.DrawInspections(DrawOptions{Count: 500, Length: 300, Seed: 4}); len(got) != 4+7 {
		t.Errorf("%d intervals, all are 11", len(got))
	}
	if got := a.DrawInspections(DrawOptions{Count: 1, Length: math.MaxInt64, Seed: 1}); len(got) != 1 || got[0].Span.Length() > 2000 {
		t.Errorf("longer than every road: %v", got)
	}
	for _, o := range []DrawOptions{{Count: 0, Length: 1}, {Count: 1, Length: 0}, {Count: 1, Length: 10, Programme: 9}, {Count: -1, Length: -1}} {
		if got := a.DrawInspections(o); len(got) != 0 {
			t.Errorf("%+v draws %v", o, got)
		}
	}
}
