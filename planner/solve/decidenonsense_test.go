package solve

import (
	"context"
	"math"
	"strings"
	"testing"
)

// plainDecide has two villages on one road, and a site.
func plainDecide() *BuildOrMove {
	return &BuildOrMove{
		Nodes: 3, Objective: LeastCost, Sites: []int64{300}, Budget: []int64{1000},
		Segments: []RoadSegment{{A: 0, B: 1, Cost: 300, Metres: 4000}, {A: 1, B: 2, Cost: 50, Metres: 900}},
		Villages: []DecideVillage{
			{Node: 1, Households: 30, Persons: 120, Review: 1000, Moves: []DecideMove{{Site: 0, Cost: 400}}},
			{Node: 2, Households: 30, Persons: 130, Review: 1000, Moves: []DecideMove{{Site: 0, Cost: 420}}},
		},
	}
}

func TestDecideRefusesNonsense(t *testing.T) {
	for _, c := range []struct {
		says string
		do   func(q *BuildOrMove, l *Limits)
	}{
		{"0 nodes", func(q *BuildOrMove, _ *Limits) { q.Nodes = 0 }},
		{`objective is "speed"`, func(q *BuildOrMove, _ *Limits) { q.Objective = "speed" }},
		{"gap is NaN", func(_ *BuildOrMove, l *Limits) { l.Gap = math.NaN() }},
		{"-1 threads", func(_ *BuildOrMove, l *Limits) { l.Threads = -1 }},
		{"capacity of site 0 is -5", func(q *BuildOrMove, _ *Limits) { q.Sites[0] = -5 }},
		{"budget of year 0 is -1", func(q *BuildOrMove, _ *Limits) { q.Budget[0] = -1 }},
		{"cost of segment 1 is -50", func(q *BuildOrMove, _ *Limits) { q.Segments[1].Cost = -50 }},
		{"segment 0 joins nodes 0 and 9", func(q *BuildOrMove, _ *Limits) { q.Segments[0].B = 9 }},
		{"segment 0 is NaN metres", func(q *BuildOrMove, _ *Limits) { q.Segments[0].Metres = math.NaN() }},
		{"segment 0 is neither open", func(q *BuildOrMove, _ *Limits) { q.Segments[0].State = 7 }},
		{"village 1 is at node 3", func(q *BuildOrMove, _ *Limits) { q.Villages[1].Node = 3 }},
		{"-2 households", func(q *BuildOrMove, _ *Limits) { q.Villages[1].Households = -2 }},
		{"persons of village 0 is -1", func(q *BuildOrMove, _ *Limits) { q.Villages[0].Persons = -1 }},
		{"all persons together", func(q *BuildOrMove, _ *Limits) {
			q.Villages[0].Persons, q.Villages[1].Persons = 1<<51, 1
		}},
		{"unserved in the interim", func(q *BuildOrMove, _ *Limits) { q.Villages[0].InterimUnserved = 121 }},
		{"cost of staying of village 0 is -1", func(q *BuildOrMove, _ *Limits) { q.Villages[0].Stay = -1 }},
		{"all costs together", func(q *BuildOrMove, _ *Limits) { q.Villages[0].Review = math.MaxInt64 }},
		{"may move to site 4", func(q *BuildOrMove, _ *Limits) { q.Villages[0].Moves[0].Site = 4 }},
		{"two costs of moving to site 0", func(q *BuildOrMove, _ *Limits) {
			q.Villages[0].Moves = append(q.Villages[0].Moves, DecideMove{Cost: 3})
		}},
		{"moving village 0 to site 0 is -4", func(q *BuildOrMove, _ *Limits) { q.Villages[0].Moves[0].Cost = -4 }},
		{"fixed as connected", func(q *BuildOrMove, _ *Limits) { q.Villages[0].Fixed.Verdict = VerdictConnected }},
		{"must not stay with one", func(q *BuildOrMove, _ *Limits) {
			q.Villages[0].Fixed.Verdict, q.Villages[0].NoRoad = VerdictRoad, true
		}},
		{"fixed to an interim", func(q *BuildOrMove, _ *Limits) { q.Villages[0].Fixed.Verdict = VerdictInterim }},
		{"no cost for that", func(q *BuildOrMove, _ *Limits) {
			q.Villages[0].Fixed, q.Villages[0].Moves = DecideChoice{Verdict: VerdictRelocate}, nil
		}},
		{"only who moves has a site", func(q *BuildOrMove, _ *Limits) { q.Villages[0].Fixed = DecideChoice{VerdictRoad, 2} }},
		{`"wait", which is no verdict`, func(q *BuildOrMove, _ *Limits) { q.Villages[0].Fixed.Verdict = "wait" }},
		{`"wait", which is no verdict`, func(q *BuildOrMove, _ *Limits) { q.Villages[0].Published.Verdict = "wait" }},
	} {
		q, l := plainDecide(), Limits{}
		c.do(q, &l)
		if _, err := Decide(t.Context(), q, l); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v does not say %q", err, c.says)
		}
	}
}

func TestDecideSaysWhatCannotBeKept(t *testing.T) {
	for _, c := range []struct {
		says string
		do   func(q *BuildOrMove)
	}{
		{"site 0 takes 100 persons", func(q *BuildOrMove) {
			q.Sites[0], q.Villages[0].Fixed = 100, DecideChoice{Verdict: VerdictRelocate}
		}},
		{"no segments that may be built", func(q *BuildOrMove) {
			q.Segments[0].State, q.Villages[1].Fixed.Verdict = SegmentForbidden, VerdictRoad
		}},
		{"the budget is 10", func(q *BuildOrMove) { q.Budget[0], q.Segments[0].State = 10, SegmentFixed }},
		{"the budget is 340", func(q *BuildOrMove) { q.Budget[0], q.Villages[1].Fixed.Verdict = 340, VerdictRoad }},
	} {
		q := plainDecide()
		c.do(q)
		p, err := Decide(t.Context(), q, Limits{})
		if err != nil || p.Status != Infeasible || !strings.Contains(p.Reason, c.says) || !math.IsInf(p.Gap(), 1) {
			t.Errorf("%v, %+v does not say %q", err, p, c.says)
		}
	}
}

// TestDecideAtTheEdges asks what has an answer, but hardly a question.
func TestDecideAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		what string
		do   func(q *BuildOrMove)
		want [2]Verdict
		cost float64
	}{
		{"as it is", func(*BuildOrMove) {}, [2]Verdict{VerdictRoad, VerdictRoad}, 350},
		{"no villages", func(q *BuildOrMove) { q.Villages = nil }, [2]Verdict{}, 0},
		{"no segments", func(q *BuildOrMove) { q.Segments = nil }, [2]Verdict{VerdictRelocate, VerdictRelocate}, 820},
		{"no segments and no sites", func(q *BuildOrMove) {
			q.Segments, q.Sites, q.Villages[0].Moves, q.Villages[1].Moves = nil, nil, nil, nil
		}, [2]Verdict{VerdictReview, VerdictReview}, 2000},
		{"all connected", func(q *BuildOrMove) { q.Villages[0].Node, q.Villages[1].Node = 0, 0 }, [2]Verdict{VerdictConnected, VerdictConnected}, 0},
		{"no money", func(q *BuildOrMove) { q.Budget[0] = 0 }, [2]Verdict{VerdictReview, VerdictReview}, 2000},
		{"a hazard", func(q *BuildOrMove) { q.Villages[0].NoRoad = true }, [2]Verdict{VerdictRelocate, VerdictRoad}, 750},
		{"a billion persons", func(q *BuildOrMove) {
			q.Villages[0].Persons, q.Villages[0].Review = 1e9, 1e15
			q.Segments[0].Cost, q.Budget = 1e15-1, nil
		}, [2]Verdict{VerdictRoad, VerdictRoad}, 1e15 + 49},
	} {
		q := plainDecide()
		c.do(q)
		p, err := Decide(t.Context(), q, Limits{Threads: 2})
		if err != nil || p.Status != Optimal || p.Objective != c.cost {
			t.Errorf("%s: %v, %+v", c.what, err, p)
			continue
		}
		checkDecided(t, q, p)
		for v, is := range p.Choices {
			if is.Verdict != c.want[v] {
				t.Errorf("%s: village %d is %s, not %s", c.what, v, is.Verdict, c.want[v])
			}
		}
	}
}

func TestDecideDoneBeforeItBegins(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p, err := Decide(ctx, plainDecide(), Limits{})
	if err != nil || p.Status != Stopped || p.Bound > 350 || p.Objective < 350 {
		t.Errorf("%v, %+v", err, p)
	}
}

func FuzzDecide(f *testing.F) {
	f.Add(uint64(1), int64(3), int32(1))
	f.Fuzz(func(t *testing.T, seed uint64, n int64, node int32) {
		q := plainDecide()
		q.Villages[0].Persons, q.Villages[1].Node, q.Segments[0].Cost, q.Villages[1].Stay = n, node, n, n/2
		p, err := Decide(t.Context(), q, Limits{Seed: seed})
		if err == nil && p.Choices != nil {
			checkDecided(t, q, p)
		}
	})
}
