package planner

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner/solve"
)

type tester interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// checkPlan holds a plan against all that holds of every plan.
func checkPlan(t tester, a *Assessment, p *DecisionPlan) {
	t.Helper()
	if p.Status == solve.Infeasible {
		if p.Reason == "" || len(p.Villages) > 0 {
			t.Fatalf("infeasible for %q with %d villages", p.Reason, len(p.Villages))
		}
		return
	}
	checkEveryone(t, a, p)
	checkMoney(t, p)
	checkRoads(t, a, p)
}

// checkEveryone: each village with people in it has one decision, what is a
// fact stays one, and nobody moves where there is no room.
func checkEveryone(t tester, a *Assessment, p *DecisionPlan) {
	t.Helper()
	seen := map[ID]bool{}
	used := map[ID]int64{}
	for i := range p.Villages {
		v := &p.Villages[i]
		d := &a.Villages[a.village[v.Village]]
		if seen[v.Village] {
			t.Fatalf("village %d is decided twice", v.Village)
		}
		seen[v.Village] = true
		if !slices.Contains(Decisions, v.Decision) || v.Decision == DecideRelocate != (v.Site != 0) || v.Decision == DecideRoad != (len(v.Spans) > 0) {
			t.Fatalf("village %d: %q to site %d over %d stretches", v.Village, v.Decision, v.Site, len(v.Spans))
		}
		if hazardous(d.Village) && (v.Decision == DecideRoad || v.Decision == DecideConnected) {
			t.Fatalf("village %d must not stay", v.Village)
		}
		if d.Connected == Yes && !hazardous(d.Village) && v.Why != WhyMoved && v.Decision != DecideConnected {
			t.Fatalf("village %d is connected and to %s", v.Village, v.Decision)
		}
		if v.Decision == DecideRelocate && v.Why != WhyMoved {
			used[v.Site] += v.Persons
		}
		if v.Differs != "" != (v.Rule != "" && v.Rule != v.Decision) {
			t.Fatalf("village %d: rule %s, plan %s, differs %q", v.Village, v.Rule, v.Decision, v.Differs)
		}
	}
	for i := range a.Villages {
		if n, ok := a.Villages[i].Village.Persons(); (!ok || n > 0) != seen[a.Villages[i].Village.ID] {
			t.Fatalf("village %d of %d persons is decided: %v", a.Villages[i].Village.ID, n, !(!ok || n > 0))
		}
	}
	for _, s := range p.Sites {
		if s.Used != used[s.Site] || s.Used > s.Capacity.Free {
			t.Fatalf("site %d: %d move there, %d are counted, %d places are free", s.Site, used[s.Site], s.Used, s.Capacity.Free)
		}
	}
}

// checkMoney: villages, townships, segments and the county add up, and stay
// within the budget.
func checkMoney(t tester, p *DecisionPlan) {
	t.Helper()
	var villages, towns, budget, spent int64
	sum := DecisionSum{}
	for i := range p.Villages {
		villages += p.Villages[i].Money
	}
	for i := range p.Townships {
		s := &p.Townships[i]
		towns += s.Money()
		sum.Roads, sum.Stay, sum.Moves, sum.Interim = sum.Roads+s.Roads, sum.Stay+s.Stay, sum.Moves+s.Moves, sum.Interim+s.Interim
	}
	for _, y := range p.Years {
		spent += y.Spent
	}
	for _, b := range p.Options.Budget {
		budget += b
	}
	if villages != p.Costs.Money || towns != villages || spent != villages || p.County.Money() != villages {
		t.Fatalf("villages cost %d, townships %d, years %d, the county %d, all %d", villages, towns, spent, p.County.Money(), p.Costs.Money)
	}
	if sum.Roads != p.Costs.Roads || sum.Stay != p.Costs.Stay || sum.Moves != p.Costs.Moves || sum.Interim != p.Costs.Interim {
		t.Fatalf("townships %+v, county %+v", sum, p.Costs)
	}
	if len(p.Options.Budget) > 0 && spent > budget {
		t.Fatalf("%d are spent of %d", spent, budget)
	}
	if p.Objective < p.Bound || p.Options.Objective == solve.LeastCost && p.Objective != float64(p.Costs.Total) {
		t.Fatalf("objective %v, bound %v, cost %d", p.Objective, p.Bound, p.Costs.Total)
	}
}

// checkRoads: what is built leads to somebody, costs what is shared, and
// connects who is said to be connected: with it built, they are.
func checkRoads(t tester, a *Assessment, p *DecisionPlan) {
	t.Helper()
	var built int64
	var edits []Edit
	for _, c := range p.Candidates {
		checkDrawn(t, &c)
		if c.Built != (len(c.Villages) > 0) {
			t.Fatalf("segments %v built %v for %v", c.Segments, c.Built, c.Villages)
		}
		if c.Built {
			built += c.Build + c.Upkeep
			for _, s := range c.Segments {
				edits = append(edits, Edit{Do: EditBuild, Segment: s})
			}
		}
	}
	if built != p.Costs.Roads {
		t.Fatalf("roads cost %d, the plan says %d", built, p.Costs.Roads)
	}
	if a.base != nil || len(edits) > MaxEdits {
		return
	}
	after, err := a.Ask(context.Background(), Question{Edits: edits})
	if err != nil {
		t.Fatalf("%v", err)
	}
	for i := range p.Villages {
		v := &p.Villages[i]
		if v.Decision == DecideRoad && after.Villages[after.village[v.Village]].Connected != Yes {
			t.Fatalf("village %d is not connected when %v are built", v.Village, v.Segments)
		}
	}
}

// checkDrawn: what is drawn of a stretch is no longer than its own lines, and
// where all of it is drawn, about as long.
func checkDrawn(t tester, c *RoadCandidate) {
	t.Helper()
	var drawn, lines, whole geo.Millimetre
	for _, s := range c.Spans {
		if s.Piece.Drawn() {
			whole += geo.Length(s.Piece.Line())
		}
	}
	for _, line := range c.Lines() {
		drawn += geo.Length(line)
		lines++
	}
	if drawn > whole+lines || len(c.Roads()) > len(c.Spans) || (len(c.Roads()) == 0) != (len(c.Spans) == 0) {
		t.Fatalf("%d mm are drawn of %d, of roads %v", drawn, whole, c.Roads())
	}
}

// drawDecide draws a small county with hazards, capacities and signed moves.
func drawDecide(t *rapid.T) (*Assessment, DecideOptions) {
	s := demoCounty(uint64(rapid.IntRange(1, 400).Draw(t, "seed")), rapid.IntRange(20, 60).Draw(t, "segments"), rapid.IntRange(4, 16).Draw(t, "villages"))
	for i := range s.Sites {
		n := rapid.Int64Range(0, 600).Draw(t, "capacity")
		s.Sites[i].CapacityPersons = &n
		s.Sites[i].CapacityHouseholds, s.Sites[i].Jobs, s.Sites[i].WaterM3D, s.Sites[i].SchoolPlaces, s.Sites[i].Buildings = nil, nil, nil, nil, nil
	}
	for i := range s.Villages {
		s.Villages[i].Hazard = rapid.SampledFrom([]string{"none", "low", "high"}).Draw(t, "hazard")
	}
	for i := range s.Moves {
		if m := &s.Moves[i]; rapid.Bool().Draw(t, "signed") {
			m.Events = append(m.Events, MoveEvent{ID: "s", Stage: "signed", Households: m.Households, Persons: m.Persons})
		} else {
			m.Events = nil
		}
	}
	o := DecideOptions{
		YuanPerKM: rapid.SampledFrom([]int64{0, 400_000, 3_000_000, 20_000_000}).Draw(t, "km"), YuanPerPerson: rapid.SampledFrom([]int64{0, 1_000, 60_000}).Draw(t, "person"),
		InterimPerHead: rapid.SampledFrom([]int64{0, 2_000}).Draw(t, "interim"), Objective: rapid.SampledFrom([]solve.DecideObjective{solve.LeastCost, solve.LeastUnserved}).Draw(t, "objective"),
	}
	if rapid.Bool().Draw(t, "budget") {
		o.Budget = []int64{rapid.Int64Range(0, 40_000_000).Draw(t, "first"), rapid.Int64Range(0, 40_000_000).Draw(t, "second")}
	}
	return Assess(s), o
}

// decided is a plan; a draw that is not closed in time says nothing.
func decided(t *rapid.T, a *Assessment, o DecideOptions) *DecisionPlan {
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	p := must(a.Decide(ctx, o))
	if p.Status == solve.Stopped {
		t.Skip("not closed in time")
	}
	return p
}

func TestDecidePlansHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, o := drawDecide(t)
		p := decided(t, a, o)
		checkPlan(t, a, p)
		again := decided(t, Assess(a.Snapshot), o)
		if diff := cmp.Diff(p, again, cmpopts.IgnoreUnexported(Piece{}), cmpopts.IgnoreFields(DecideOptions{}, "Limits"), cmpopts.EquateNaNs()); diff != "" {
			t.Fatal("the same facts give another plan:", diff)
		}
	})
}

// Without budget and with room for all the plan never costs more than doing
// what is cheaper for each village by itself.
func TestDecideIsNoDearerThanEachAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, o := drawDecide(t)
		o.Budget, o.Objective, o.InterimPerHead = nil, solve.LeastCost, 0
		room := int64(1_000_000)
		for i := range a.Snapshot.Sites {
			a.Snapshot.Sites[i].CapacityPersons = &room
		}
		p := decided(t, a, o)
		var alone int64
		for i := range p.Villages {
			v := &p.Villages[i]
			if v.Decision != DecideRoad && v.Decision != DecideRelocate || v.Why == WhyMoved {
				continue
			}
			best := int64(math.MaxInt64)
			if v.Costs.RoadAlone != nil && v.Why != WhyHazard {
				best = *v.Costs.RoadAlone + v.Costs.Stay + v.Costs.Leave
			}
			if v.Costs.Move != nil && v.Why != WhyBegun {
				best = min(best, *v.Costs.Move+v.Costs.Leave)
			}
			alone += best
		}
		if p.Costs.Money > alone {
			t.Fatalf("the plan costs %d, each by itself %d", p.Costs.Money, alone)
		}
	})
}

// The rule's answer is that of LocalRule on the village with its own costs, and
// of one village alone the plan is what costs less.
func TestDecideAndTheRuleOnOneVillage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, o := drawDecide(t)
		p := decided(t, a, o)
		for i := range p.Villages {
			v := &p.Villages[i]
			if v.Rule == "" {
				continue
			}
			road, r := int64(0), v.RuleResult
			if v.Costs.RoadAlone != nil {
				road = *v.Costs.RoadAlone
			}
			if off := road + v.Costs.Stay - r.RoadFen/100; v.Costs.RoadAlone != nil && (off < 0 || off > int64(2*len(p.Candidates))) {
				t.Fatalf("village %d: alone %d yuan and %d to stay, by the rule %d fen", v.Village, road, v.Costs.Stay, r.RoadFen)
			}
			if r.MoveFen != v.Persons*p.Options.YuanPerPerson*100 {
				t.Fatalf("village %d: %d persons move for %d fen", v.Village, v.Persons, r.MoveFen)
			}
		}
	})
}

// A road that adds nothing to the plan does not turn at any number of persons.
func TestARoadThatAddsNothingHasNoFlipInPersons(t *testing.T) {
	f := flipper{move: 600_000, prices: &decidePrices{DecideOptions: DecideOptions{YuanPerKM: 700_000, YuanPerPerson: 60_000}}, who: people{persons: 10}}
	if got := f.flip(DecideRelocate); got.Persons != nil {
		t.Errorf("it turns at %d persons", *got.Persons)
	}
	f.now.build = 300_000
	if got := f.flip(DecideRelocate); got.Persons == nil || *got.Persons != 5 {
		t.Errorf("a road of half the move turns at %v, want 5", got.Persons)
	}
}

// A flip point is where the plan turns, if there is only one village to decide.
func TestDecideFlipsWhereItSays(t *testing.T) {
	s := readScenario(t, "testdata/decide_shared.txt").s
	s.Villages = s.Villages[:1]
	a := Assess(s)
	zero := int64(0)
	at := func(o DecideOptions) *VillageDecision {
		o.HaulPerKM, o.LeavePerPerson = &zero, &zero
		return must(a.Decide(context.Background(), o)).find(1)
	}
	for _, km := range []int64{100_000, 500_000} {
		v := at(DecideOptions{YuanPerKM: km})
		if v.Flip.YuanPerKM == nil || v.Flip.YuanPerPerson == nil || v.Flip.Persons == nil {
			t.Fatalf("at %d yuan a km nothing flips: %+v", km, v)
		}
		x, y := *v.Flip.YuanPerKM, *v.Flip.YuanPerPerson
		if got := [2]Decision{at(DecideOptions{YuanPerKM: x - 10}).Decision, at(DecideOptions{YuanPerKM: x + 10}).Decision}; got != [2]Decision{DecideRoad, DecideRelocate} {
			t.Errorf("from %d yuan a km it turns at %d: %v", km, x, got)
		}
		if got := [2]Decision{at(DecideOptions{YuanPerKM: km, YuanPerPerson: y - 1}).Decision, at(DecideOptions{YuanPerKM: km, YuanPerPerson: y + 1}).Decision}; got != [2]Decision{DecideRelocate, DecideRoad} {
			t.Errorf("at %d yuan a km it turns at %d a person: %v", km, y, got)
		}
		n := *v.Flip.Persons
		for _, k := range []struct {
			persons int64
			want    Decision
		}{{n - 1, DecideRelocate}, {n + 1, DecideRoad}} {
			a.Snapshot.Villages[0].Population.Persons = &k.persons
			if got := at(DecideOptions{YuanPerKM: km}).Decision; got != k.want {
				t.Errorf("at %d yuan a km %d persons %s, it turns at %d", km, k.persons, got, n)
			}
		}
		sixty := int64(60)
		a.Snapshot.Villages[0].Population.Persons = &sixty
	}
}

func TestDecideRefusesNonsense(t *testing.T) {
	a := Assess(demoCounty(1, 20, 4))
	minus := int64(-1)
	for name, o := range map[string]DecideOptions{
		"a negative price":      {YuanPerKM: -1},
		"a price beyond bounds": {YuanPerPerson: mostYuan + 1},
		"negative upkeep":       {UpkeepPerKM: &minus},
		"a negative budget":     {Budget: []int64{-1}},
		"a budget beyond bound": {Budget: []int64{math.MaxInt64}},
		"too many years":        {Budget: make([]int64, mostYears+1)},
		"no objective":          {Objective: "beauty"},
		"a gap that is none":    {Limits: solve.Limits{Gap: math.NaN()}},
		"negative threads":      {Limits: solve.Limits{Threads: -1}},
	} {
		if _, err := a.Decide(context.Background(), o); CodeOf(err) != Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	many := int64(1_000_000_000)
	a.Snapshot.Villages[0].Population = &Population{Persons: &many}
	if _, err := a.Decide(context.Background(), DecideOptions{}); CodeOf(err) != Invalid {
		t.Errorf("a thousand million persons: %v", err)
	}
}

func TestDecideEndsWithWhoAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Assess(demoCounty(1, 60, 16)).Decide(ctx, DecideOptions{}); err == nil {
		t.Error("a plan was made for nobody")
	}
}
