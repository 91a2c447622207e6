package planner

import (
	"context"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
)

// drawSparse is a county in which much fails: unbuilt, unknown, one-way, not
// for motors, of the neighbour, disputed; with and without a seat.
func drawSparse(t *rapid.T) *Snapshot {
	s := demoCounty(rapid.Uint64Range(1, 200).Draw(t, "seed"), 40, 12)
	for i := rapid.IntRange(0, 12).Draw(t, "changes"); i > 0; i-- {
		name := rapid.SampledFrom([]string{"season", "built", "direction", "routable", "halo", "dispute", "surveyed", "village", "undrawn"}).Draw(t, "change")
		edits[name](t, s)
	}
	switch rapid.IntRange(0, 5).Draw(t, "seat") {
	case 0:
		s.Facilities = nil
	case 1: // no all-season road at hand
		s.Facilities[0].Point[0] -= 0.01
	}
	return s
}

// connectedSet lists the villages that are connected.
func connectedSet(a *Assessment) (ids []ID, persons int64) {
	for i := range a.Villages {
		if d := &a.Villages[i]; d.Connected == Yes {
			n, _ := d.Village.Persons()
			ids, persons = append(ids, d.Village.ID), persons+n
		}
	}
	return ids, persons
}

// The way of a proof hangs together from the seat to the village, fails in so
// many metres as the verdict says, and on none where the village is connected.
func TestProofLegs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := Assess(drawSparse(rt))
		a = must(a.Ask(context.Background(), Question{Edits: drawEdits(rt, a.Snapshot)}))
		for i := range a.Villages {
			d := &a.Villages[i]
			p := must(a.Proof(d.Village.ID))
			checkProof(rt, a, d, p)
		}
	})
}

func checkProof(t *rapid.T, a *Assessment, d *VillageVerdict, p *Proof) {
	missing := int64(0)
	if d.Link != nil {
		missing = d.Link.MissingMM
	}
	if p.MissingMM != missing {
		t.Fatalf("village %d: the way lacks %d mm, the verdict says %d", d.Village.ID, p.MissingMM, missing)
	}
	if (p.Weakest >= 0) != slices.ContainsFunc(p.Legs, func(l ProofLeg) bool { return l.Kind == LegMissing || l.Kind == LegStraight }) {
		t.Fatalf("village %d: weakest %d of %v", d.Village.ID, p.Weakest, p.Legs)
	}
	for k, leg := range p.Legs {
		if len(leg.Line) < 2 {
			t.Fatalf("village %d: leg %d has no line: %+v", d.Village.ID, k, leg)
		}
		if k > 0 {
			end := p.Legs[k-1].Line[len(p.Legs[k-1].Line)-1]
			if far := geo.Distance(end, leg.Line[0]); far > 0.03 {
				t.Fatalf("village %d: leg %d begins %v m from the end of the last: %+v", d.Village.ID, k, far, p.Legs)
			}
		}
		if (leg.Kind == LegMissing) != (leg.Fault != "") {
			t.Fatalf("village %d: leg %+v", d.Village.ID, leg)
		}
	}
	if n := len(p.Legs); n > 0 {
		line := p.Legs[n-1].Line
		if far := geo.Distance(line[len(line)-1], d.Village.Point); far > 0.03 {
			t.Fatalf("the way ends %v m from village %d", far, d.Village.ID)
		}
	}
}

// What the mends of a village are said to connect is what a question that does
// them connects, one after the other; done all, the village is connected.
func TestMendsDoWhatTheySay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := Assess(drawSparse(rt))
		i := rapid.IntRange(0, len(a.Villages)-1).Draw(rt, "village")
		p := must(a.Proof(a.Villages[i].Village.ID))
		if slices.ContainsFunc(p.Mends, func(m Mend) bool { return m.Halo || m.Do == MendNew }) {
			return
		}
		var done []Edit
		before, was := connectedSet(a)
		for _, m := range p.Mends {
			done = append(done, m.Edit())
			after, is := connectedSet(must(a.Ask(context.Background(), Question{Edits: done})))
			gained := slices.DeleteFunc(slices.Clone(after), func(id ID) bool { return slices.Contains(before, id) })
			if !slices.Equal(gained, m.Connects) || is-was != m.Persons {
				rt.Fatalf("%v connects %v with %d persons, it is said %v with %d", m.Edit(), gained, is-was, m.Connects, m.Persons)
			}
			before, was = after, is
		}
		if len(p.Mends) > 0 && a.seat() != nil && !slices.Contains(before, p.Village.ID) && !hasOneWay(a) {
			rt.Fatalf("%v done, village %d is not connected", done, p.Village.ID)
		}
	})
}

func hasOneWay(a *Assessment) bool {
	return slices.ContainsFunc(a.Pieces, func(p Piece) bool { return p.Direction == Forward || p.Direction == Backward })
}

// The parts of a span cost what the span costs.
func TestRoadCostAddsUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := DefaultRules()
		r.Terrain = rapid.SampledFrom([]string{"", "plain", "hill", "mountain"}).Draw(rt, "terrain")
		p := &Piece{Class: rapid.SampledFrom([]string{"class1", "class3", "class4", "secondary_link", "path", ""}).Draw(rt, "class")}
		whole := drawSpan(rt)
		whole.To += rapid.Int64Range(0, 1<<40).Draw(rt, "far")
		at := rapid.Int64Range(whole.From, whole.To).Draw(rt, "cut")
		left, right := whole, whole
		left.To, right.From = at, at
		if got, want := r.roadCost(p, left)+r.roadCost(p, right), r.roadCost(p, whole); got != want {
			rt.Fatalf("%d for the parts, %d for the whole", got, want)
		}
		if exact := float64(whole.Length()) / 1e6 * float64(r.perKM(p.Class)); math.Abs(exact-float64(r.roadCost(p, whole))) > 1+exact*1e-12 {
			rt.Fatalf("%d fen for %d mm, about %v expected", r.roadCost(p, whole), whole.Length(), exact)
		}
	})
}
