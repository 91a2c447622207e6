package route_test

import (
	"testing"

	"github.com/qiantu/qiantu/geo/route"
)

// What if a road that is planned was built, or one that is there was closed?
func TestDrawnWhatIf(t *testing.T) {
	d := draw(t, `
V----A----S
|         |
B---------C
`, 100, road{through: "VA"}, road{through: "VB"}, road{through: "BC"}, road{through: "CS"}, road{through: "AS"})
	const VA, AS = 0, 4
	q := d.g.NewQuery()
	q.Filter = d.g.Filter(func(e int32) bool { return e != AS }) // planned only
	q.Toward(d.at('S'))
	far := func(want int) {
		t.Helper()
		switch r, ok := q.Reach(d.at('V')); {
		case !ok && want >= 0, ok && metres(r.Cost) != want:
			t.Errorf("V to S is %v m, want %d", r.Metres(), want)
		}
	}
	far(1400)
	open := d.g.Edge(AS)
	built, err := d.g.Overlay(route.Change{Edge: AS, Forward: open.Forward, Backward: open.Backward})
	if err != nil {
		t.Fatal(err)
	}
	q.Update(built)
	far(1000)
	cut, err := built.With(d.g, route.Change{Edge: VA, Forward: -1, Backward: -1}, route.Change{Edge: 1, Forward: -1, Backward: -1})
	if err != nil {
		t.Fatal(err)
	}
	q.Update(cut)
	far(-1)
	if s, ok := q.Snap(d.place['V'], 600); !ok || s.Edge != 2 || metres(route.Cost{MM: int64(s.Access)}) != 200 {
		t.Errorf("with both roads of V closed it snaps to %+v", s)
	}
	q.Update(nil)
	far(1400)
	if s, ok := q.Snap(d.place['V'], 600); !ok || s.Edge == AS || s.Access != 0 {
		t.Errorf("undone, V snaps to %+v", s)
	}
	if list := q.Snaps(d.place['A'], 10); len(list) != 1 || list[0].Edge != VA {
		t.Errorf("A has %v at hand, and AS is planned only", list)
	}
}
