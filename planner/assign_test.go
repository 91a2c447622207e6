package planner

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/planner/solve"
)

// drawAssign is a county of which some have to move, to three sites with drawn
// capacities.
func drawAssign(t *rapid.T) *Assessment {
	s := demoCounty(uint64(rapid.IntRange(1, 400).Draw(t, "seed")), 40, rapid.IntRange(4, 9).Draw(t, "villages"))
	for i := range s.Sites {
		n := rapid.Int64Range(0, 900).Draw(t, "capacity")
		s.Sites[i].CapacityPersons = &n
		s.Sites[i].CapacityHouseholds, s.Sites[i].Jobs, s.Sites[i].WaterM3D, s.Sites[i].SchoolPlaces, s.Sites[i].Buildings = nil, nil, nil, nil, nil
	}
	for i := range s.Moves {
		s.Moves[i].Events = nil
	}
	return Assess(s)
}

// cheapestWhole tries every way to send whole villages to at most open sites.
func cheapestWhole(c *assignCase, open int) float64 {
	best := math.Inf(1)
	room := make([]int64, len(c.sites))
	users := make([]int, len(c.sites))
	for k, s := range c.sites {
		room[k] = c.capacity[s].Free
	}
	var try func(i, used int, sum float64)
	try = func(i, used int, sum float64) {
		if sum >= best {
			return
		}
		if i == len(c.who) {
			best = sum
			return
		}
		for k := range c.sites {
			n, more := c.who[i].rest.persons, used
			if users[k] == 0 && n > 0 {
				more++
			}
			if n > room[k] || more > open || math.IsInf(c.cost(k, i), 1) {
				continue
			}
			room[k] -= n
			users[k]++
			try(i+1, more, sum+c.cost(k, i))
			room[k] += n
			users[k]--
		}
	}
	try(0, 0, 0)
	return best
}

func TestAssignAgreesWithTryingAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAssign(t)
		o := AssignOptions{Metric: rapid.SampledFrom([]string{"m", "s"}).Draw(t, "metric"), Open: rapid.IntRange(0, 2).Draw(t, "open")}
		p := must(a.Assign(context.Background(), o))
		c := &assignCase{a: a, o: o, p: &AssignPlan{Metric: p.Metric}}
		if err := c.ready(); err != nil {
			t.Fatal(err)
		}
		open := o.Open
		if open == 0 {
			open = len(c.sites)
		}
		want := cheapestWhole(c, open)
		if math.IsInf(want, 1) != (p.Status == solve.Infeasible) || !math.IsInf(want, 1) && (p.Status != solve.Optimal || p.Objective != want) {
			t.Fatalf("%s %v (%s), trying all gives %v", p.Status, p.Objective, p.Reason, want)
		}
		checkAssign(t, c, p)
		if o.Open == 0 {
			split := must(a.Assign(context.Background(), AssignOptions{Metric: o.Metric, Split: true}))
			if split.Status == solve.Infeasible && !math.IsInf(want, 1) || split.Objective > p.Objective {
				t.Fatalf("divided %s %v, whole %v", split.Status, split.Objective, want)
			}
			checkAssign(t, c, split)
		}
	})
}

// checkAssign: everyone goes, households and persons add up, no site is over
// its capacity, and the objective is that of the rows.
func checkAssign(t *rapid.T, c *assignCase, p *AssignPlan) {
	if p.Status == solve.Infeasible {
		if p.Reason == "" || len(p.Rows) > 0 {
			t.Fatalf("infeasible because of %q with %d rows", p.Reason, len(p.Rows))
		}
		return
	}
	sent, used, sum := map[ID]people{}, map[ID]int64{}, 0.0
	for i := range p.Rows {
		r := &p.Rows[i]
		was := sent[r.Way.From]
		sent[r.Way.From] = people{was.households + r.Households, was.persons + r.Persons}
		used[r.Way.To] += r.Persons
		far := (*r.Way.MM + 500) / 1000
		if p.Metric == "s" {
			far = (*r.Way.MS + 500) / 1000
		}
		sum += float64(far * r.Persons)
	}
	for _, m := range c.who {
		if got := sent[c.a.Villages[m.at].Village.ID]; m.rest.persons > 0 && got != m.rest {
			t.Fatalf("village %d: %+v go of %+v", c.a.Villages[m.at].Village.ID, got, m.rest)
		}
	}
	for _, s := range p.Sites {
		if used[s.Site] != s.Used || s.Used > s.Capacity.Free {
			t.Fatalf("site %d: %d go, %d are counted, %d places", s.Site, used[s.Site], s.Used, s.Capacity.Free)
		}
	}
	if math.Abs(sum-p.Objective) > 1e-6*math.Max(1, sum) || p.Bound > p.Objective {
		t.Fatalf("rows make %v, objective %v, bound %v", sum, p.Objective, p.Bound)
	}
	checkBases(t, p)
	for _, w := range p.Ways {
		if w.Persons > 0 && (*w.Median > *w.Max || *w.Mean > *w.Max) {
			t.Fatalf("%s: mean %v, median %v, max %v", w.Name, *w.Mean, *w.Median, *w.Max)
		}
	}
}

// checkBases holds the mean ways dry and wet to one set of people.
func checkBases(t tester, p *AssignPlan) {
	ways := map[string]WaySummary{}
	for _, w := range p.Ways {
		ways[w.Name] = w
	}
	var persons, sum int64
	for i := range p.Rows {
		if r := &p.Rows[i]; r.WetMM != nil {
			persons, sum = persons+r.Persons, sum+r.Persons**r.Way.MM
		}
	}
	like, given := ways["dry_of_wet_m"]
	if !given {
		like = ways["dry_m"]
	}
	if like.Persons != ways["wet_m"].Persons || like.Persons != persons || persons > 0 && math.Abs(*like.Mean-float64(sum)/float64(persons)/1000) > 1e-6**like.Mean {
		t.Fatalf("wet over %d persons, dry over %d: %v, want %d of %d", ways["wet_m"].Persons, like.Persons, like.Mean, sum, persons)
	}
}

func TestAssignRefusesNonsense(t *testing.T) {
	a := Assess(demoCounty(1, 20, 6))
	for name, o := range map[string]AssignOptions{
		"a metric": {Metric: "yards"}, "a site": {Sites: []ID{999}}, "minus one": {Open: -1}, "split and open": {Open: 1, Split: true},
		"a gap": {Limits: solve.Limits{Gap: math.Inf(1)}},
	} {
		if _, err := a.Assign(context.Background(), o); CodeOf(err) != Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
