package planner

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/route"
)

// drawTwoAsked is a county and what became of it, under a question each.
func drawTwoAsked(t *rapid.T) (before, after *Assessment) {
	s := drawSparse(t)
	a := Assess(s)
	later := a
	if rapid.Bool().Draw(t, "another day") {
		next := copyOf(a.Snapshot)
		for i := rapid.IntRange(1, 6).Draw(t, "changes"); i > 0; i-- {
			name := rapid.SampledFrom([]string{"season", "built", "new", "gone", "report", "revoked", "village", "surveyed", "programme", "realigned", "day", "persons", "rule"}).Draw(t, "change")
			switch name {
			case "persons":
				n := rapid.Int64Range(0, 500).Draw(t, "persons")
				anyVillage(t, next).Population = &Population{Persons: &n}
			case "rule":
				next.Rules.ConnectMM = 400_000
			default:
				edits[name](t, next)
			}
		}
		later = AssessAfter(a, next)
	}
	ask := func(a *Assessment) *Assessment {
		q := drawQuestion(t, a.Snapshot)
		return must(a.Ask(context.Background(), q))
	}
	return ask(a), ask(later)
}

// The parts of a difference add up exactly: what moved in numerator, denominator
// and unknown, the villages within each part, and the shown percentages.
func TestCoverageDifferenceAddsUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		before, after := drawTwoAsked(rt)
		d := must(ExplainCoverage(context.Background(), before, after))
		from, to := before.countyFigures(), after.countyFigures()
		for _, m := range d.Metrics {
			if m.From.Numerator != from[m.Metric].Numerator || m.To.Numerator != to[m.Metric].Numerator {
				rt.Fatalf("%s: %+v is not that of the reports", m.Metric, m)
			}
			checkMoved(rt, &m)
		}
	})
}

func checkMoved(t *rapid.T, m *CoverageMoved) {
	var n, d, u int64
	var pp float64
	for _, s := range m.Steps {
		n, d, u = n+s.Numerator, d+s.Denominator, u+s.Unknown
		if s.ValuePP != nil {
			pp += *s.ValuePP
		}
		var in, iu int64
		for _, item := range s.Items {
			in, iu = in+item.Numerator, iu+item.Unknown
		}
		if in != s.Numerator || iu != s.Unknown {
			t.Fatalf("%s, %s: the villages sum to %d and %d: %+v", m.Metric, s.Cause, in, iu, s)
		}
	}
	if n != m.To.Numerator-m.From.Numerator || d != m.To.Denominator-m.From.Denominator || u != m.To.Unknown-m.From.Unknown {
		t.Fatalf("%s: the steps sum to %d/%d unknown %d: %+v", m.Metric, n, d, u, m)
	}
	if m.TotalPP != nil && math.Abs(pp-*m.TotalPP) > 1e-6 {
		t.Fatalf("%s: %v points in steps, %v in all", m.Metric, pp, *m.TotalPP)
	}
}

// Each cause has its own part: an edit is named, one that is asked no longer is
// undone, and the same edits before and after are no part.
func TestCoverageDifferenceNamesItsCauses(t *testing.T) {
	a := Assess(demoCounty(5, 40, 12))
	first, second := Edit{Do: EditBuild, Segment: 1}, Edit{Do: EditClose, Road: 2}
	before := must(a.Ask(context.Background(), Question{Edits: []Edit{first, second}}))
	after := must(a.Ask(context.Background(), Question{Edits: []Edit{first}, Season: route.Wet}))
	for _, w := range must(coverageWorlds(context.Background(), before, after))[1:] {
		switch {
		case w.cause == CauseEdit && (!w.undone || w.edit != second), w.cause != CauseEdit && w.cause != CauseSeason && w.cause != CauseThreshold:
			t.Errorf("%+v", w)
		}
	}
	other := demoCounty(5, 40, 12)
	other.Region.Code = "elsewhere"
	if _, err := ExplainCoverage(context.Background(), a, Assess(other)); CodeOf(err) != Invalid {
		t.Errorf("two counties: %v", err)
	}
}

// The manifest is the same when it is made again, also of a county read anew,
// and says what it was asked.
func TestManifestIsTheSameAgain(t *testing.T) {
	s := demoCounty(4, 40, 12)
	s.Villages[0].Code, s.Villages[1].Township = "520527100101", "520527001"
	q := Question{Season: route.Wet, RAIMM: 1_000_000, Edits: []Edit{{Do: EditBuild, Road: 3}}}
	one := must(must(Assess(s).Ask(context.Background(), q)).Manifest())
	two := must(must(AssessAfter(Assess(demoCounty(9, 40, 12)), copyOf(s)).Ask(context.Background(), q)).Manifest())
	if !bytes.Equal(one, two) {
		t.Fatalf("%s\n%s", one, two)
	}
	var m manifest
	if err := json.Unmarshal(one, &m); err != nil {
		t.Fatal(err)
	}
	if m.Inputs.Edits != "build:road:3" || m.Inputs.BufferMM != 1_000_000 || m.Inputs.Season != route.Wet {
		t.Errorf("%+v", m.Inputs)
	}
	if len(m.Mask.Urban) != 2 || m.Mask.Urban[0].Why != UrbanResidents || m.Mask.Urban[1].Why != UrbanStreet {
		t.Errorf("%+v", m.Mask)
	}
	if len(m.Access) != 9 || len(m.Water) == 0 {
		t.Errorf("%d rows of access, %d of water", len(m.Access), len(m.Water))
	}
}
