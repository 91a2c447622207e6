package planner

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/planner/solve"
)

// sent writes who goes where, and who does not.
func sent(p *AssignPlan) string {
	var b strings.Builder
	fmt.Fprintln(&b, p.Status, p.Objective, p.Reason)
	for _, r := range p.Rows {
		fmt.Fprintln(&b, r.Way.From, r.Way.To, r.Persons, r.Households, number(r.Way.MM), number(r.Way.MS))
	}
	for _, l := range p.Left {
		fmt.Fprintln(&b, "left", l.Village, number(l.Persons), l.Why)
	}
	for _, s := range p.Sites {
		fmt.Fprintln(&b, "site", s.Site, s.Used, s.Capacity.Free)
	}
	return b.String()
}

// dragCounty is a county where many have to move, more at times than fit.
func dragCounty(seed uint64) *Snapshot {
	s := demoCounty(seed, 30, 9)
	for i := range s.Villages {
		if i%3 == 0 {
			s.Villages[i].Hazard = "high"
		}
	}
	for i := range s.Sites {
		room := int64(20 + 60*i)
		s.Sites[i].CapacityPersons = &room
	}
	return s
}

// A site that is dragged gives what the plan of a county with the site there
// gives, however many places it was dragged over before.
func TestFlowIsAssign(t *testing.T) {
	s := dragCounty(4)
	a := Assess(s)
	ends := map[solve.Status]int{}
	rapid.Check(t, func(rt *rapid.T) {
		q := Question{Edits: append(drawPlaceEdits(rt, s), drawEdits(rt, s)...)}
		o := AssignOptions{Split: rapid.Bool().Draw(rt, "split"), Metric: rapid.SampledFrom([]string{"m", "s"}).Draw(rt, "metric")}
		asked := must(a.Ask(context.Background(), q))
		light := must(asked.Flow(context.Background(), o))
		if alone := must(must(Assess(copyOf(s)).Ask(context.Background(), q)).Flow(context.Background(), o)); sent(alone) != sent(light) {
			rt.Fatalf("fresh (-), dragged (+) %s", cmp.Diff(sent(alone), sent(light)))
		}
		plan := must(asked.Assign(context.Background(), o))
		if plan.Status != solve.Infeasible && sent(plan) != sent(light) {
			rt.Fatalf("plan (-), light (+) %s", cmp.Diff(sent(plan), sent(light)))
		}
		if (plan.Status == solve.Infeasible) != (light.Status == solve.Infeasible) || plan.Reason != light.Reason {
			rt.Fatalf("the plan is %s %s, the light one %s %s", plan.Status, plan.Reason, light.Status, light.Reason)
		}
		ends[light.Status]++
		checkFlow(rt, light, plan)
	})
	if ends[solve.Optimal] < 5 || ends[solve.Infeasible] < 5 {
		t.Errorf("they end %v", ends)
	}
}

// checkFlow holds a light assignment against what it was made of: nobody is
// lost, no site is full beyond its room, and who is left would not have fitted.
func checkFlow(t rapid.TB, light, plan *AssignPlan) {
	t.Helper()
	var room, left, movers int64
	for _, s := range light.Sites {
		if s.Used > s.Capacity.Free {
			t.Fatalf("site %d takes %d of %d", s.Site, s.Used, s.Capacity.Free)
		}
		room += s.Capacity.Free - s.Used
	}
	for _, r := range light.Rows {
		movers += r.Persons
	}
	for _, l := range light.Left {
		if l.Why == WhyFull {
			left += *l.Persons
		}
	}
	if left > 0 && plan.Status != solve.Infeasible {
		t.Fatalf("%d are left, and all fit", left)
	}
	if light.Split && left > 0 && room > 0 && movers > 0 { // one road net: every site is open to all who have a way
		t.Fatalf("%d are left, and there is room for %d", left, room)
	}
}

// Time that is up still gives whole villages a site, and says what is proven.
func TestFlowOutOfTime(t *testing.T) {
	s := dragCounty(4)
	a := Assess(s)
	var roomy []Edit
	for i := range s.Sites {
		roomy = append(roomy, Edit{Do: EditCapacity, Site: s.Sites[i].ID, Persons: 400})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := must(must(a.Ask(context.Background(), Question{Edits: roomy})).Flow(ctx, AssignOptions{}))
	if len(p.Rows) == 0 || p.Status != solve.Stopped || p.Bound > p.Objective {
		t.Errorf("%s", sent(p))
	}
	checkFlow(t, p, p)
	full := must(a.Flow(ctx, AssignOptions{}))
	checkFlow(t, full, full)
	if _, err := a.Flow(context.Background(), AssignOptions{Open: 2}); CodeOf(err) != Invalid {
		t.Errorf("%v", err)
	}
}

// Gates that nobody asks for any more give way.
func TestDryWaysAreBounded(t *testing.T) {
	s := dragCounty(4)
	a := Assess(s)
	for i := range 3 * gatesHeldLeast {
		at := s.Villages[0].Point
		at[0] = degree(at[0] + float64(i)/10_000)
		must(must(a.Ask(context.Background(), Question{Edits: []Edit{{Do: EditPlace, Site: s.Sites[0].ID, Point: at}}})).Flow(context.Background(), AssignOptions{Split: true}))
	}
	if n := len(a.dry.held); n > gatesHeldLeast {
		t.Errorf("%d gates are held", n)
	}
}
