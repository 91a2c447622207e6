package planner

import (
	"context"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/route"
)

// patient is a context that ends once it has been looked at so often.
type patient struct {
	context.Context
	looks, ends int
}

func (p *patient) Err() error {
	if p.looks++; p.looks > p.ends {
		return context.Canceled
	}
	return nil
}

// Whatever takes long looks at its context again and again, gives its error when
// it has ended, and does little after that.
func TestLongOnesEndWithTheirContext(t *testing.T) {
	s := demoCounty(3, 60, 30)
	a := Assess(s)
	later := copyOf(a.Snapshot)
	later.Rules.ConnectMM = 300_000
	edits := []Edit{{Do: EditBuild, Segment: 1}, {Do: EditClose, Segment: 2}}
	asked := must(AssessAfter(a, later).Ask(context.Background(), Question{Season: route.Wet, Edits: edits}))
	for name, do := range map[string]func(ctx context.Context) error{
		"Ask":             func(ctx context.Context) error { _, err := a.Ask(ctx, Question{Edits: edits}); return err },
		"RankRoads":       func(ctx context.Context) error { _, err := a.RankRoads(ctx, RankOptions{BudgetFen: 1e10}); return err },
		"Inspections":     func(ctx context.Context) error { _, err := a.Inspections(ctx); return err },
		"ExplainCoverage": func(ctx context.Context) error { _, err := ExplainCoverage(ctx, a, asked); return err },
		"ExplainWater":    func(ctx context.Context) error { _, err := ExplainWater(ctx, a, asked); return err },
	} {
		whole := &patient{context.Background(), 0, 1 << 40}
		if err := do(whole); err != nil || whole.looks < 6 {
			t.Fatalf("%s: %v, looked %d times", name, err, whole.looks)
		}
		rapid.Check(t, func(rt *rapid.T) {
			p := &patient{context.Background(), 0, rapid.IntRange(0, whole.looks-1).Draw(rt, "looks")}
			if err := do(p); !errors.Is(err, context.Canceled) || p.looks > p.ends+8 {
				rt.Fatalf("%s: %v, ended after %d looks, looked %d times of %d", name, err, p.ends, p.looks, whole.looks)
			}
		})
	}
}

// Who ranks is told how far it is, up to the last.
func TestRankingSaysHowFarItIs(t *testing.T) {
	last, total := 0, 0
	o := RankOptions{Progress: func(done, of int) {
		if done != last+1 || total != 0 && of != total {
			t.Fatalf("%d of %d after %d of %d", done, of, last, total)
		}
		last, total = done, of
	}}
	must(Assess(demoCounty(3, 60, 30)).RankRoads(context.Background(), o))
	if total == 0 || last != total {
		t.Errorf("%d of %d", last, total)
	}
}
