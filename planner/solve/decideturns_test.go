package solve

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// dearer makes what a village is advised cost more.
func dearer(q *BuildOrMove, v int, is Verdict, by int64) *BuildOrMove {
	c := *q
	c.Villages = slices.Clone(q.Villages)
	w := &c.Villages[v]
	switch is {
	case VerdictRoad:
		w.Stay += by
	case VerdictRelocate:
		w.Moves = slices.Clone(w.Moves)
		for i := range w.Moves {
			w.Moves[i].Cost += by
		}
	case VerdictInterim:
		w.Interim += by
	case VerdictReview:
		w.Review += by
	}
	return &c
}

func TestDecideTurns(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	held, turned := 0, 0
	for n := range 400 {
		q := smallDecide(r, 5, 6)
		q.Objective, q.Budget = LeastCost, nil
		p, err := Decide(t.Context(), q, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Status != Optimal {
			continue
		}
		for v, turn := range p.Turns {
			is := p.Choices[v].Verdict
			if is == VerdictConnected {
				continue
			}
			if turn.AtLeast > 0 && turn.AtLeast < math.MaxInt64 {
				held++
				if at := tryEvery(dearer(q, v, is, turn.AtLeast)); float64(at.best[0]) < p.Objective+float64(turn.AtLeast) {
					t.Fatalf("%d: village %d is %s up to %d more, but then %d is better than %v\n%+v", n, v, is, turn.AtLeast, at.best[0], p.Objective, q)
				}
			}
			if turn.AtMost >= 0 {
				turned++
				if at := tryEvery(dearer(q, v, is, turn.AtMost+1)); float64(at.best[0]) >= p.Objective+float64(turn.AtMost+1) {
					t.Fatalf("%d: village %d is no longer %s beyond %d, but then %d is best, from %v\n%+v", n, v, is, turn.AtMost, at.best[0], p.Objective, q)
				}
			}
		}
	}
	if held < 50 || turned < 100 {
		t.Errorf("one-sided: %d held, %d turned", held, turned)
	}
}
