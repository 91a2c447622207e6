package solve

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
)

// smallDecide draws a question that can be answered by trying everything; ties, what cannot be and what costs
// nothing are frequent.
func smallDecide(r *rand.Rand, villages, segments int) *BuildOrMove {
	few := func(n int) int64 { return int64(r.IntN(n)) }
	q := &BuildOrMove{Nodes: 1 + r.IntN(7), Objective: LeastCost}
	if r.IntN(2) == 0 {
		q.Objective = LeastUnserved
	}
	price := []int{2, 10, 1000}[r.IntN(3)]
	for range r.IntN(segments + 1) {
		s := RoadSegment{A: int32(r.IntN(q.Nodes)), B: int32(r.IntN(q.Nodes)), Cost: few(price), Metres: float64(r.IntN(5))}
		if k := r.IntN(12); k < 2 {
			s.State = SegmentState(1 + k)
		}
		q.Segments = append(q.Segments, s)
	}
	for range r.IntN(4) {
		q.Sites = append(q.Sites, few(25))
	}
	for range r.IntN(villages + 1) {
		q.Villages = append(q.Villages, smallVillage(r, q, price))
	}
	for range r.IntN(3) * r.IntN(2) {
		q.Budget = append(q.Budget, few(price*(1+len(q.Villages))))
	}
	return q
}

func smallVillage(r *rand.Rand, q *BuildOrMove, price int) DecideVillage {
	few := func(n int) int64 { return int64(r.IntN(n)) }
	v := DecideVillage{Node: int32(r.IntN(q.Nodes)), Persons: few(12), Households: few(4), Stay: few(price) * few(2), Review: few(3 * price), NoRoad: r.IntN(12) == 0}
	for j := range q.Sites {
		if r.IntN(3) > 0 {
			v.Moves = append(v.Moves, DecideMove{Site: int32(j), Cost: few(2 * price)})
		}
	}
	if r.IntN(3) == 0 {
		v.CanInterim, v.Interim, v.InterimUnserved = true, few(2*price), few(int(v.Persons)+1)
	}
	ways := []DecideChoice{{Verdict: VerdictReview}, {Verdict: VerdictRoad}}
	for _, to := range v.Moves {
		ways = append(ways, DecideChoice{VerdictRelocate, to.Site})
	}
	if v.CanInterim {
		ways = append(ways, DecideChoice{Verdict: VerdictInterim})
	}
	if r.IntN(8) == 0 {
		if v.Fixed = ways[r.IntN(len(ways))]; v.Fixed.Verdict == VerdictRoad && v.NoRoad {
			v.Fixed = DecideChoice{}
		}
	}
	if r.IntN(4) == 0 {
		v.Published, v.Leave = ways[r.IntN(len(ways))], few(price)
	}
	return v
}

// everyPlan tries all segments and all verdicts.
type everyPlan struct {
	q     *BuildOrMove
	built []bool
	reach []bool
	room  []int64
	pick  []Verdict
	best  [2]int64 // by the objective: what comes first, then cost
	seen  []map[Verdict]bool
	found bool
}

func tryEvery(q *BuildOrMove) *everyPlan {
	t := &everyPlan{q: q, built: make([]bool, len(q.Segments)), pick: make([]Verdict, len(q.Villages))}
	var open []int
	for e, s := range q.Segments {
		t.built[e] = s.State == SegmentFixed
		if s.State == SegmentOpen {
			open = append(open, e)
		}
	}
	for set := range 1 << len(open) {
		money := int64(0)
		for i, e := range open {
			t.built[e] = set>>i&1 == 1
		}
		for e, is := range t.built {
			if is {
				money += q.Segments[e].Cost
			}
		}
		t.connect()
		t.room = append([]int64(nil), q.Sites...)
		t.choose(0, money, 0, 0)
	}
	return t
}

func (t *everyPlan) connect() {
	t.reach = make([]bool, t.q.Nodes)
	t.reach[0] = true
	for range t.q.Nodes {
		for e, s := range t.q.Segments {
			if t.built[e] && (t.reach[s.A] || t.reach[s.B]) {
				t.reach[s.A], t.reach[s.B] = true, true
			}
		}
	}
}

func (t *everyPlan) choose(v int, money, price, unserved int64) {
	if t.found && t.q.Objective == LeastCost && money+price > t.best[0] {
		return
	}
	if v == len(t.q.Villages) {
		t.meet(money, price, unserved)
		return
	}
	w := &t.q.Villages[v]
	if w.Node == 0 && !w.NoRoad && (w.Fixed.Verdict == "" || w.Fixed.Verdict == VerdictRoad || w.Fixed.Verdict == VerdictConnected) {
		t.pick[v] = VerdictConnected
		t.choose(v+1, money, price, unserved)
		return
	}
	try := func(is DecideChoice, cost, extra, persons int64) {
		if w.Fixed.Verdict != "" && w.Fixed != is {
			return
		}
		if w.Published.Verdict != "" && w.Published != is {
			extra += w.Leave
		}
		t.pick[v] = is.Verdict
		t.choose(v+1, money+cost, price+extra, unserved+persons)
	}
	if t.reach[w.Node] && !w.NoRoad {
		try(DecideChoice{Verdict: VerdictRoad}, w.Stay, 0, 0)
	}
	for _, to := range w.Moves {
		if t.room[to.Site] >= w.Persons {
			t.room[to.Site] -= w.Persons
			try(DecideChoice{VerdictRelocate, to.Site}, to.Cost, 0, 0)
			t.room[to.Site] += w.Persons
		}
	}
	if w.CanInterim {
		try(DecideChoice{Verdict: VerdictInterim}, w.Interim, 0, w.InterimUnserved)
	}
	try(DecideChoice{Verdict: VerdictReview}, 0, w.Review, w.Persons)
}

func (t *everyPlan) meet(money, price, unserved int64) {
	budget := int64(0)
	for _, b := range t.q.Budget {
		budget += b
	}
	if len(t.q.Budget) > 0 && money > budget {
		return
	}
	at := [2]int64{money + price, 0}
	if t.q.Objective == LeastUnserved {
		at = [2]int64{unserved, money + price}
	}
	if !t.found || at[0] < t.best[0] || (at[0] == t.best[0] && at[1] < t.best[1]) {
		t.found, t.best = true, at
		t.seen = make([]map[Verdict]bool, len(t.pick))
		for v := range t.seen {
			t.seen[v] = map[Verdict]bool{}
		}
	}
	if at == t.best {
		for v, is := range t.pick {
			t.seen[v][is] = true
		}
	}
}

func TestDecideAgreesWithTryingEverything(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	infeasible, proven, bands := 0, 0, map[Band]int{}
	for n := range 2000 {
		q := smallDecide(r, 6, 7)
		if n%100 == 0 {
			q = smallDecide(r, 12, 5)
		}
		want := tryEvery(q)
		p, err := Decide(t.Context(), q, Limits{Seed: uint64(n), Threads: 1 + n%2})
		if err != nil {
			t.Fatalf("%d: %v\n%+v", n, err, q)
		}
		if !want.found {
			infeasible++
			if p.Status != Infeasible || p.Reason == "" {
				t.Fatalf("%d: %+v instead of infeasible\n%+v", n, p.Outcome, q)
			}
			continue
		}
		checkDecided(t, q, p)
		if p.Status != Optimal || p.Objective != float64(want.best[0]) || p.Bound != p.Objective || !p.CostProven {
			t.Fatalf("%d: %+v, the best is %v\n%+v", n, p.Outcome, want.best, q)
		}
		if q.Objective == LeastUnserved && p.Costs.Total != want.best[1] {
			t.Fatalf("%d: cost %d, the least is %d\n%+v", n, p.Costs.Total, want.best[1], q)
		}
		for v, b := range p.Bands {
			bands[b]++
			if b != BandUndecided && (len(want.seen[v]) != 1 || !want.seen[v][p.Choices[v].Verdict]) {
				t.Fatalf("%d: village %d is %s (%v), equally good plans have %v\n%+v", n, v, b, p.Choices[v], want.seen[v], q)
			}
			if b != BandUndecided {
				proven++
			}
		}
	}
	if infeasible < 30 || proven < 1000 || bands[BandMove] == 0 || bands[BandRoad] == 0 || bands[BandNeither] == 0 || bands[BandUndecided] == 0 {
		t.Errorf("the cases are one-sided: %d infeasible, bands %v", infeasible, bands)
	}
}

// checkDecided adds a plan up afresh.
func checkDecided(t *testing.T, q *BuildOrMove, p *DecidePlan) {
	t.Helper()
	e := &everyPlan{q: q, built: p.Built}
	e.connect()
	roads, own, price, unserved := int64(0), int64(0), int64(0), int64(0)
	for i, is := range p.Built {
		if is {
			roads += q.Segments[i].Cost
		}
		if is == (q.Segments[i].State == SegmentForbidden) && is || (!is && q.Segments[i].State == SegmentFixed) {
			t.Fatalf("segment %d is built: %v, its state is %d", i, is, q.Segments[i].State)
		}
	}
	used := make([]int64, len(q.Sites))
	for v, c := range p.Choices {
		w := &q.Villages[v]
		switch c.Verdict {
		case VerdictRoad, VerdictConnected:
			if !e.reach[w.Node] || w.NoRoad || (c.Verdict == VerdictConnected) != (w.Node == 0) {
				t.Fatalf("village %d is %s at node %d, reached: %v, no road: %v", v, c.Verdict, w.Node, e.reach[w.Node], w.NoRoad)
			}
			if c.Verdict == VerdictRoad {
				own += w.Stay
			}
		case VerdictRelocate:
			used[c.Site] += w.Persons
			for _, to := range w.Moves {
				if to.Site == c.Site {
					own += to.Cost
				}
			}
		case VerdictInterim:
			own += w.Interim
			unserved += w.InterimUnserved
		case VerdictReview:
			price += w.Review
			unserved += w.Persons
		default:
			t.Fatalf("village %d has verdict %q", v, c.Verdict)
		}
		if c.Verdict != VerdictConnected && w.Published.Verdict != "" && w.Published != c {
			price += w.Leave
		}
		if w.Fixed.Verdict != "" && w.Fixed != c && c.Verdict != VerdictConnected {
			t.Fatalf("village %d is fixed to %v and gets %v", v, w.Fixed, c)
		}
	}
	for j, n := range used {
		if n > q.Sites[j] || n != p.Used[j] {
			t.Fatalf("site %d has %d, takes %d, is said to have %d", j, n, q.Sites[j], p.Used[j])
		}
	}
	c := p.Costs
	if c.Roads != roads || c.Money != roads+own || c.Total != roads+own+price || c.Unserved != unserved ||
		c.Stay+c.Moves+c.Interim != own || c.Review+c.Leave != price {
		t.Fatalf("costs %+v; roads %d, own %d, price %d, unserved %d", c, roads, own, price, unserved)
	}
	checkShares(t, q, p)
	checkYears(t, q, p)
}

func checkShares(t *testing.T, q *BuildOrMove, p *DecidePlan) {
	t.Helper()
	shared, own := int64(0), int64(0)
	for v, s := range p.Shares {
		if s.Shared < s.Alone || s.Alone < 0 {
			t.Fatalf("village %d shares %+v", v, s)
		}
		shared, own = shared+s.Shared, own+s.Own
	}
	fixed := int64(0)
	for _, s := range q.Segments {
		if s.State == SegmentFixed {
			fixed += s.Cost
		}
	}
	if own != p.Costs.Money-p.Costs.Roads || shared > p.Costs.Roads || shared < p.Costs.Roads-fixed {
		t.Fatalf("shares: %d of roads of %d, of which %d fixed; own %d of %+v", shared, p.Costs.Roads, fixed, own, p.Costs)
	}
}

func checkYears(t *testing.T, q *BuildOrMove, p *DecidePlan) {
	t.Helper()
	spent, budget, laid, connecting, metres, served, persons := int64(0), int64(0), 0.0, 0.0, 0.0, int64(0), int64(0)
	for y, year := range p.Years {
		spent, laid, connecting, served = spent+year.Spent, laid+year.Laid, connecting+year.Connecting, served+year.Served
		if len(q.Budget) > 0 {
			if budget += q.Budget[y]; spent > budget {
				t.Fatalf("by year %d %d is spent of %d", y, spent, budget)
			}
		}
	}
	for e, is := range p.Built {
		if is {
			metres += q.Segments[e].Metres
		}
	}
	for v, c := range p.Choices {
		if c.Verdict != VerdictConnected {
			persons += q.Villages[v].Persons
		}
	}
	if spent != p.Costs.Money || laid < metres-1e-6 || laid > metres+1e-6 || connecting > metres+1e-6 || served != persons-p.Costs.Unserved {
		t.Fatalf("years: %d of %d spent, %v and %v of %v m, %d of %d served: %+v", spent, p.Costs.Money, laid, connecting, metres, served, persons-p.Costs.Unserved, p.Years)
	}
}

// TestDecideStopped stops a search anywhere: what it has by then is a plan, and its bound true.
func TestDecideStopped(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	early := 0
	for _, n := range []uint64{0, 4, 7, 8} {
		q := DecideFamily{Seed: n, Villages: 25, Segments: 40, Sites: 3, RoadPrice: 2, Capacity: 0.3}.Instance()
		if n%2 == 1 {
			q.Objective, q.Budget = LeastUnserved, []int64{30_000_000, 40_000_000}
		}
		want, err := Decide(t.Context(), q, Limits{})
		if err != nil || want.Status != Optimal {
			t.Fatal(err, want)
		}
		for range 6 {
			ctx, cancel := context.WithCancel(t.Context())
			left := r.IntN(10)
			p, err := Decide(ctx, q, Limits{Progress: func(o Outcome) {
				if o.Bound > want.Objective || o.Objective < want.Objective {
					t.Errorf("%d: %+v on the way to %v", n, o, want.Objective)
				}
				if left--; left < 0 {
					cancel()
				}
			}})
			cancel()
			if err != nil || p.Bound > want.Objective || p.Objective < want.Objective {
				t.Fatalf("%d: %v, %+v, the best is %v", n, err, p.Outcome, want.Objective)
			}
			checkDecided(t, q, p)
			if p.Status == Stopped {
				early++
			}
		}
	}
	if early < 10 {
		t.Errorf("only %d were stopped early", early)
	}
}

func TestDecideIsDeterministic(t *testing.T) {
	q := DecideFamily{Seed: 3, Villages: 30, Segments: 50, Sites: 4, RoadPrice: 2, Capacity: 0.2}.Instance()
	for threads := 1; threads <= 2; threads++ {
		var first *DecidePlan
		for range 2 {
			p, err := Decide(t.Context(), q, Limits{Seed: 5, Threads: threads})
			if err != nil || p.Status != Optimal {
				t.Fatal(err, p)
			}
			checkDecided(t, q, p)
			if first == nil {
				first = p
			} else if !reflect.DeepEqual(first, p) {
				t.Fatalf("%d threads: %+v and %+v", threads, first.Outcome, p.Outcome)
			}
		}
	}
}

func ExampleDecide() {
	// 0 is the network; a road of 300 leads to 1, one of 50 on to 2.
	q := &BuildOrMove{
		Nodes: 3, Objective: LeastCost,
		Segments: []RoadSegment{{A: 0, B: 1, Cost: 300, Metres: 4000}, {A: 1, B: 2, Cost: 50, Metres: 900}},
		Villages: []DecideVillage{
			{Node: 1, Households: 30, Persons: 120, Review: 1000, Moves: []DecideMove{{Site: 0, Cost: 200}}},
			{Node: 2, Households: 30, Persons: 130, Review: 1000, Moves: []DecideMove{{Site: 0, Cost: 220}}},
		},
		Sites: []int64{300},
	}
	p, _ := Decide(context.Background(), q, Limits{})
	fmt.Println(p.Status, p.Objective, p.Choices[0].Verdict, p.Choices[1].Verdict, p.Shares[0].Shared, p.Shares[1].Shared)
	// Output: optimal 350 road road 150 200
}
