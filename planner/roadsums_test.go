package planner

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/route"
)

// Whatever has happened to a county, its kept sums are what a walk over all
// pieces gives, and a report read from them is the one that is made anew.
func TestKeptSumsAreThoseOfAllPieces(t *testing.T) {
	names := make([]string, 0, len(edits))
	for name := range edits {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(rt *rapid.T) {
		s := demoCounty(rapid.Uint64Range(1, 5).Draw(rt, "seed"), 40, 5)
		a := Assess(s)
		for range rapid.IntRange(1, 3).Draw(rt, "readings") {
			s = copyOf(s)
			for range rapid.IntRange(0, 3).Draw(rt, "edits") {
				edits[rapid.SampledFrom(names).Draw(rt, "edit")](rt, s)
				anySegment(rt, s).Class = rapid.SampledFrom([]string{"", "tertiary", "track", "footway"}).Draw(rt, "class")
			}
			a = AssessAfter(a, s)
			checkSums(rt, a)
			checkSums(rt, must(a.Ask(context.Background(), Question{Season: route.Wet})))
			checkSums(rt, must(a.Ask(context.Background(), Question{Edits: []Edit{{Do: "build", Road: anySegment(rt, s).Road}}})))
		}
	})
}

func checkSums(t *rapid.T, a *Assessment) {
	type lengths struct{ Built, Unknown int64 }
	want := map[string]lengths{}
	for i := range a.Pieces {
		p := &a.Pieces[i]
		if p.Halo || p.CoRouted {
			continue
		}
		for _, scope := range []string{a.Snapshot.Region.Code, "class:" + p.Class} {
			sum := want[scope]
			switch p.Built {
			case BuiltYes:
				sum.Built += p.Span.To - p.Span.From
			case BuiltUnknown:
				sum.Unknown += p.Span.To - p.Span.From
			}
			want[scope] = sum
		}
	}
	for range 2 { // reading changes nothing
		for _, f := range must(a.Report(ReportCompletion, ReportOptions{By: "class"})).Figures {
			if sum := (lengths{f.Numerator, f.Unknown}); f.isCalled("C08") && sum != want[f.Scope] {
				t.Fatalf("%s has %+v, its pieces %+v", f.Scope, sum, want[f.Scope])
			}
		}
	}
	for _, by := range []string{"township", "class"} {
		kept := plainFigures(must(a.Report(ReportCompletion, ReportOptions{By: by})))
		anew := plainFigures(must(a.report(ReportCompletion, ReportOptions{By: by}, &opening{metric: "none"})))
		if diff := cmp.Diff(anew, kept); diff != "" {
			t.Fatalf("made anew (-), kept (+):\n%s", diff)
		}
	}
}

// plainFigures are the figures of a report with the names of what they are made of.
func plainFigures(r *Report) []any {
	out := make([]any, 0, 3*len(r.Figures))
	for i := range r.Figures {
		f := r.Figures[i]
		ids := f.IDs()
		f.Made = nil
		out = append(out, f, ids)
	}
	return out
}

// Sums are made once, and shared by questions that change nothing on a road.
func TestSumsAreKept(t *testing.T) {
	s := demoCounty(1, 50, 20)
	a := Assess(s)
	kept := a.keptSums()
	if again := a.keptSums(); again != kept || must(a.Ask(context.Background(), Question{Season: route.Wet})).keptSums() != kept {
		t.Error("sums were made again")
	}
	if must(a.Ask(context.Background(), Question{Edits: []Edit{{Do: "build", Road: s.Segments[0].Road}}})).keptSums() == a.keptSums() {
		t.Error("the sums of an edited county are those of the original")
	}
}
