package planner

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/route"
)

// The lengths and numbers by class and state are those of the pieces, every
// counted metre is in one of them, and they are made once.
func TestStatesAreThoseOfAllPieces(t *testing.T) {
	type sum struct{ length, stretches int64 }
	rapid.Check(t, func(rt *rapid.T) {
		s := demoCounty(rapid.Uint64Range(1, 5).Draw(rt, "seed"), 40, 5)
		anySegment(rt, s).Class = rapid.SampledFrom([]string{"", "tertiary", "footway"}).Draw(rt, "class")
		a := Assess(s)
		if rapid.Bool().Draw(rt, "asked") {
			a = must(a.Ask(context.Background(), Question{Edits: []Edit{{Do: "build", Road: anySegment(rt, s).Road}}}))
		}
		want := map[string]sum{}
		for i := range a.Pieces {
			if p := &a.Pieces[i]; !p.Halo && !p.CoRouted {
				scope := "state:" + string(p.State) + "/" + p.Class
				was := want[scope]
				want[scope] = sum{was.length + p.Span.To - p.Span.From, was.stretches + 1}
			}
		}
		got := map[string]sum{}
		for _, f := range must(a.Report(ReportCompletion, ReportOptions{By: "state"})).Figures {
			was := got[f.Scope]
			switch {
			case f.isCalled("C46"):
				was.length = f.Numerator
			case f.isCalled("C47"):
				was.stretches = f.Numerator
			default:
				continue
			}
			got[f.Scope] = was
		}
		if len(got) != len(want) {
			rt.Fatalf("%d scopes, pieces have %d", len(got), len(want))
		}
		for scope, sum := range want {
			if got[scope] != sum {
				rt.Fatalf("%s has %+v, its pieces %+v", scope, got[scope], sum)
			}
		}
		kept := a.keptStates()
		if again := a.keptStates(); again != kept || len(a.Question.Edits) == 0 && must(a.Ask(context.Background(), Question{Season: route.Wet})).keptStates() != kept {
			rt.Fatal("sums were made again")
		}
	})
}
