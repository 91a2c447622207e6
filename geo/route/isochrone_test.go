package route_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// From the middle of AB, both ways, and only forward over the one-way BC.
func TestDrawnIsochrone(t *testing.T) {
	d := draw(t, `
A---------B---------C
          |
          D
`, 100, road{through: "AB"}, road{"BC", 36, 0}, road{through: "BD"})
	q := d.g.NewQuery()
	q.Metric = route.ByTime
	middle := d.g.Place(0, d.g.Edge(0).Length()/2)
	round := func(list []route.Reached) (out []route.Reached) {
		for _, r := range list {
			r.From, r.To = (r.From+500)/1000, (r.To+500)/1000 // metres
			out = append(out, r)
		}
		return out
	}
	got, err := q.Isochrone(false, []int64{30_000, 90_000}, middle)
	want := []route.Reached{
		{Edge: 0, From: 0, To: 200, Limit: 1}, {Edge: 0, From: 200, To: 800}, {Edge: 0, From: 800, To: 1000, Limit: 1},
		{Edge: 1, From: 0, To: 400, Limit: 1}, {Edge: 2, From: 0, To: 200, Limit: 1},
	}
	if diff := cmp.Diff(want, round(got)); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	// Those who come from C within 90 s are none.
	got, err = q.Isochrone(true, []int64{90_000}, middle)
	want = []route.Reached{{Edge: 0, From: 0, To: 1000}, {Edge: 2, From: 0, To: 200}}
	if diff := cmp.Diff(want, round(got)); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if outline := d.g.Outline(middle.Point, got, 0); len(outline) != 1 || len(outline[0]) < 4 || outline[0][0] != outline[0][len(outline[0])-1] {
		t.Errorf("outline %v", outline)
	}
	if outline := d.g.Outline(middle.Point, nil, 0); outline != nil {
		t.Errorf("outline of nothing: %v", outline)
	}
}

func TestIsochroneLimits(t *testing.T) {
	d := draw(t, "A---B", 100, road{through: "AB"})
	q := d.g.NewQuery()
	for _, limits := range [][]int64{{-1}, {5, 5}, {5, 4}} {
		if _, err := q.Isochrone(false, limits, d.at('A')); err == nil {
			t.Errorf("took limits %v", limits)
		}
	}
	for _, limits := range [][]int64{nil, {0}} {
		if got, err := q.Isochrone(false, limits, d.at('A')); err != nil || got != nil {
			t.Errorf("limits %v reach %v, %v", limits, got, err)
		}
	}
	if got, err := q.Isochrone(false, []int64{1000}); err != nil || got != nil {
		t.Errorf("from nowhere %v, %v", got, err)
	}
}

// A place is in a stretch of the first limit that its own cost does not pass.
func TestIsochroneIsWhatIsReached(t *testing.T) {
	for i := range uint64(300) {
		r := rand.New(rand.NewPCG(i, 5))
		d := drawDull(t, r)
		d.change(t, r)
		q, whole := d.g.NewQuery(), d.g.NewQuery()
		for _, q := range []*route.Query{q, whole} {
			q.Metric, q.Filter, q.Overlay = d.metric, d.filter, d.overlay
		}
		limits := []int64{r.Int64N(20), 20 + r.Int64N(6000), 10_000 + r.Int64N(1<<33)}
		toward := r.IntN(2) == 0
		got, err := q.Isochrone(toward, limits, d.roots...)
		if err != nil {
			t.Fatal(err)
		}
		if toward {
			whole.Toward(d.roots...)
		} else {
			whole.From(d.roots...)
		}
		checkReached(t, d, whole, got, limits)
	}
}

func checkReached(t *testing.T, d *dull, q *route.Query, got []route.Reached, limits []int64) {
	t.Helper()
	for e := range int32(d.g.Edges()) {
		length := d.g.Edge(e).Length()
		for _, at := range []geo.Millimetre{1, 2, length / 3, length / 2, length - 1} {
			if at <= 0 || at >= length || slices.ContainsFunc(d.roots, func(s route.Snap) bool { return s.Edge == e && s.At == at }) {
				continue // the ends, and where a root stands: it does on a closed edge too
			}
			want := len(limits)
			if r, ok := q.Reach(d.g.Place(e, at)); ok {
				cost := r.MM
				if d.metric == route.ByTime {
					cost = r.MS
				}
				for want > 0 && cost <= limits[want-1] {
					want--
				}
			}
			if in := limitAt(got, e, at, len(limits)); in != want {
				t.Fatalf("edge %d at %v is within limit %d, want %d", e, at, in, want)
			}
		}
	}
}

// limitAt is the first limit that reaches a place, none when there is no such.
func limitAt(all []route.Reached, edge int32, at geo.Millimetre, none int) int {
	for _, r := range all {
		if r.Edge == edge && r.From <= at && at <= r.To {
			none = min(none, r.Limit)
		}
	}
	return none
}
