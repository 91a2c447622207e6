package planner

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/planner/solve"
)

// drawPlaceEdits supposes something about a county's sites and villages.
func drawPlaceEdits(t *rapid.T, s *Snapshot) []Edit {
	near := func() orb.Point {
		at := s.Villages[rapid.IntRange(0, len(s.Villages)-1).Draw(t, "near")].Point
		return orb.Point{degree(at[0] + 0.003), degree(at[1] - 0.002)}
	}
	var out []Edit
	added := ID(0)
	for i := rapid.IntRange(0, 4).Draw(t, "place edits"); i > 0; i-- {
		site := s.Sites[rapid.IntRange(0, len(s.Sites)-1).Draw(t, "site")].ID
		if added > 0 && rapid.Bool().Draw(t, "of an added one") {
			site = FirstAskedSite + added - 1
		}
		switch rapid.IntRange(0, 4).Draw(t, "what") {
		case 0:
			out = append(out, Edit{Do: EditPlace, Site: site, Point: near()})
		case 1:
			out = append(out, Edit{Do: EditCapacity, Site: site, Persons: rapid.Int64Range(0, 2000).Draw(t, "room")})
		case 2:
			out = append(out, Edit{Do: EditClose, Site: site})
		case 3:
			out = append(out, Edit{Do: EditAdd, Site: FirstAskedSite + added, Point: near(), Persons: 500})
			added++
		case 4:
			n := rapid.Int64Range(0, 60).Draw(t, "households")
			out = append(out, Edit{Do: EditPeople, Village: s.Villages[rapid.IntRange(0, len(s.Villages)-1).Draw(t, "village")].ID, Households: n, Persons: 4 * n})
		}
	}
	return out
}

func degree(x float64) float64 { d, _ := parseDegrees(degrees(x)); return d }

// supposePlace does to a snapshot what an edit says, but for capacities.
func (s *Snapshot) supposePlace(e Edit) {
	switch e.Do {
	case EditAdd:
		number := idString(e.Site - 900_000)
		site := Site{ID: e.Site, Name: "拟设安置点 " + number, NameEN: "Proposed site " + number, Gate: e.Point, CapacityPersons: &e.Persons}
		for _, t := range s.Townships {
			for _, ring := range t.Boundary {
				if site.Township == "" && insideRing(ring[0], e.Point) {
					site.Township = t.Code
				}
			}
		}
		s.Sites = append(s.Sites, site)
	case EditPlace:
		for i := range s.Sites {
			if s.Sites[i].ID == e.Site {
				s.Sites[i].Gate = e.Point
			}
		}
	case EditPeople:
		for i := range s.Villages {
			if s.Villages[i].ID == e.Village {
				s.Villages[i].Population = &Population{AsOf: s.AsOf, Households: &e.Households, Persons: &e.Persons, Source: "supposed"}
			}
		}
	}
}

// insideRing counts the sides that a line to the east crosses.
func insideRing(ring orb.Ring, p orb.Point) (in bool) {
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

var askedOnly = regexp.MustCompile(`\b(edit:[a-z]+|room:\d+|free:\d+)\b ?`)

// ofRooms are the figures of how many fit, which TestSupposedRoom is for.
var ofRooms = regexp.MustCompile(`(?m)^M29 .*$`)

// Sites and villages that are supposed give every figure, feature and distance
// that Assess gives of a snapshot that says so.
func TestAskOfPlacesIsAssess(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := demoCounty(rapid.Uint64Range(1, 50).Draw(rt, "seed"), 6, 4)
		q := Question{Edits: drawPlaceEdits(rt, s)}
		a := Assess(s)
		got := must(a.Ask(context.Background(), q))
		strip := func(text string) string { return askedOnly.ReplaceAllString(text, "") }
		if strings.Contains(FormatEdits(q.Edits), "capacity:") || strings.Contains(FormatEdits(q.Edits), "close:") {
			strip = func(text string) string { return ofRooms.ReplaceAllString(askedOnly.ReplaceAllString(text, ""), "") }
		}
		want := everything(t, Assess(supposed(s, q)))
		if diff := cmp.Diff(strip(want), strip(everything(t, got))); diff != "" {
			rt.Fatalf("%s: supposed (-), asked (+) %s", FormatEdits(q.Edits), diff)
		}
		if got != a && (got.net.graph != a.net.graph || got.net.a != got) {
			rt.Fatal("the network was made anew, or is another's")
		}
		checkLayersAfter(rt, a, got)
	})
}

// checkLayersAfter holds what is drawn after an older assessment against what is
// drawn from nothing.
func checkLayersAfter(t rapid.TB, old, a *Assessment) {
	t.Helper()
	if diff := cmp.Diff(a.Layers(), a.LayersAfter(old, old.Layers())); diff != "" {
		t.Fatalf("drawn anew (-), drawn after (+) %s", diff)
	}
}

// What is supposed of a site's room is what plans reckon with; the last word
// counts, and who is there already stays.
func TestSupposedRoom(t *testing.T) {
	s := demoCounty(5, 40, 12)
	a := Assess(s)
	id := s.Sites[0].ID
	was := a.SiteCapacity()[0]
	for text, want := range map[string]int64{
		"capacity:site:ID:900": 900, "close:site:ID": was.Taken, "capacity:site:ID:900,close:site:ID": was.Taken, "close:site:ID,capacity:site:ID:7": 7,
		"place:site:ID:104.7:27.1": was.Most,
	} {
		edits := must(ParseEdits(regexp.MustCompile("ID").ReplaceAllString(text, idString(id))))
		got := must(a.Ask(context.Background(), Question{Edits: edits})).SiteCapacity()[0]
		if got.Most != want || got.Free != max(want-was.Taken, 0) || got.Taken != was.Taken || (got.Binding == LimitSupposed) != (text[0] != 'p') {
			t.Errorf("%s: %+v, it was %+v", text, got, was)
		}
	}
}

// Plans are made of what is supposed: with every site closed nobody moves, with
// one more the assignment has it.
func TestPlansOfSupposedSites(t *testing.T) {
	s := demoCounty(5, 40, 12)
	var closed []Edit
	for i := range s.Sites {
		closed = append(closed, Edit{Do: EditClose, Site: s.Sites[i].ID})
	}
	a := Assess(s)
	shut := must(a.Ask(context.Background(), Question{Edits: closed}))
	for _, v := range must(shut.Decide(context.Background(), DecideOptions{})).Villages {
		if v.Decision == DecideRelocate && v.Why != WhyMoved {
			t.Errorf("village %d moves to site %d, and all are closed", v.Village, v.Site)
		}
	}
	added := append(closed, Edit{Do: EditAdd, Site: FirstAskedSite, Point: s.Sites[0].Gate, Persons: 1_000_000})
	p := must(must(shut.Ask(context.Background(), Question{Edits: added})).Assign(context.Background(), AssignOptions{Limits: solve.Limits{Gap: 0.01}}))
	if len(p.Rows) == 0 {
		t.Fatalf("nobody moves: %s %s", p.Status, p.Reason)
	}
	for _, r := range p.Rows {
		if r.Way.To != FirstAskedSite {
			t.Errorf("village %d moves to site %d, which is closed", r.Way.From, r.Way.To)
		}
	}
}
