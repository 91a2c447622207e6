package planner

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// editsOf does the units of a row.
func editsOf(rows ...RankRow) []Edit {
	var out []Edit
	for _, row := range rows {
		for _, u := range row.Units {
			out = append(out, u.Edit())
		}
	}
	return out
}

// What a row says that it connects is what a question that does it connects.
func TestRankRowsAreExact(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := Assess(drawSparse(rt))
		r := must(a.RankRoads(context.Background(), RankOptions{By: rapid.SampledFrom([]string{"", "km", "yuan"}).Draw(rt, "by")}))
		if len(r.Rows) == 0 {
			return
		}
		row := r.Rows[rapid.IntRange(0, len(r.Rows)-1).Draw(rt, "row")]
		before, was := connectedSet(a)
		after, is := connectedSet(must(a.Ask(context.Background(), Question{Edits: editsOf(row)})))
		gained := slices.DeleteFunc(slices.Clone(after), func(id ID) bool { return slices.Contains(before, id) })
		if !slices.Equal(gained, row.Villages) || is-was != row.Persons {
			rt.Fatalf("%v connects %v with %d persons, it is said %v with %d", row.Units, gained, is-was, row.Villages, row.Persons)
		}
	})
}

// After less before is the sum of what the plan's choices are said to do; the
// money is kept to; no plan beats the bound, which is held against every subset
// of what can be built.
func TestPlanAddsUpAndKeepsItsBound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSparse(rt)
		if rapid.Bool().Draw(rt, "small") {
			s.Segments = s.Segments[:min(12, len(s.Segments))]
		}
		a := Assess(s)
		_, was := connectedSet(a)
		budget := rapid.Int64Range(1, 200_000_000).Draw(rt, "budget")
		plan := must(a.RankRoads(context.Background(), RankOptions{By: "yuan", BudgetFen: budget})).Plan
		_, is := connectedSet(must(a.Ask(context.Background(), Question{Edits: editsOf(plan.Chosen...)})))
		var sum, cost int64
		for _, row := range plan.Chosen {
			sum, cost = sum+row.Persons, cost+row.CostFen
		}
		if is-was != sum || sum != plan.Persons || cost != plan.CostFen || cost > budget {
			rt.Fatalf("before %d, after %d persons: chosen %d, said %d; %d of %d fen", was, is, sum, plan.Persons, plan.CostFen, budget)
		}
		if best := bruteBest(a, budget); best > plan.BoundPersons || plan.Persons > max(best, plan.Persons) && best >= 0 {
			rt.Fatalf("%d persons can be connected, the bound says %d", best, plan.BoundPersons)
		}
		if plan.Persons > plan.BoundPersons {
			rt.Fatalf("%d persons, the bound says %d", plan.Persons, plan.BoundPersons)
		}
	})
}

// bruteBest tries every subset of what can be built; -1: there are too many.
func bruteBest(a *Assessment, budget int64) int64 {
	var works []*work
	for key, w := range a.works(keyOfWork) {
		if !key.halo {
			works = append(works, w)
		}
	}
	if len(works) > 9 {
		return -1
	}
	best := int64(0)
	for set := range 1 << len(works) {
		var edges []int32
		var cost int64
		for i, w := range works {
			if set>>i&1 == 1 {
				edges, cost = append(edges, w.edges...), cost+w.CostFen
			}
		}
		if cost <= budget {
			t := a.net.newTrial()
			t.gain(edges)
			persons, _ := t.persons()
			best = max(best, persons)
		}
	}
	return best
}

// What an inspection can tell is what the interval does when the thing is in
// order, and when it is not.
func TestInspectionWorthIsExact(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSparse(rt)
		s.Progress, s.Programmes = nil, nil
		a := Assess(s)
		list := must(a.Inspections(context.Background()))
		if len(list) == 0 {
			return
		}
		w := list[rapid.IntRange(0, len(list)-1).Draw(rt, "inspection")]
		low, high := interval(a)
		for good, want := range map[bool]int64{true: w.IfGood, false: w.IfBad} {
			low2, high2 := interval(Assess(inspectedAs(s, &w, good)))
			got := low2 - low
			if !good {
				got = high - high2
			}
			if w.Layer == "village" && good || w.Layer == "road" {
				continue // what no segment says cannot be supposed
			}
			if max(got, 0) != want { // without a seat what counts may be another part
				rt.Fatalf("%s %d found good=%v: the interval %d to %d becomes %d to %d, it is said %d", w.Layer, w.ID, good, low, high, low2, high2, want)
			}
		}
	})
}

// interval is how many persons are connected at least and at most.
func interval(a *Assessment) (low, high int64) {
	for i := range a.Villages {
		n, _ := a.Villages[i].Village.Persons()
		switch a.Villages[i].Connected {
		case Yes:
			low, high = low+n, high+n
		case Unknown:
			high += n
		}
	}
	return low, high
}

func inspectedAs(s *Snapshot, w *InspectionWorth, good bool) *Snapshot {
	c := copyOf(s)
	for i := range c.Segments {
		seg := &c.Segments[i]
		if w.Layer != "road_segment" || seg.Halo || seg.ID != w.ID || !seg.Routable || seg.Built == BuiltNone || seg.AllSeason == No {
			continue
		}
		if good {
			seg.Built, seg.AllSeason = BuiltYes, Yes
		} else if seg.AllSeason == Unknown {
			seg.AllSeason = No
		} else {
			seg.Built = BuiltNone
		}
	}
	for i := range c.Villages {
		if w.Layer == "village" && c.Villages[i].ID == w.ID {
			c.Villages[i].Surveyed = true
		}
	}
	return c
}

// The tree of the gaps connects whom it says, costs no less than its bound and
// no more than the ways of all villages together, and on small counties the
// bound is no more than the best of all subsets.
func TestGapTree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSparse(rt)
		small := rapid.Bool().Draw(rt, "small")
		if small {
			s.Segments = s.Segments[:min(12, len(s.Segments))]
		}
		a := Assess(s)
		g := a.newGapGraph(nil)
		var wanted []int
		for i := range a.Villages {
			if d := &a.Villages[i]; d.Connected == No && d.Link != nil && !d.Link.Straight && len(g.at[i]) > 0 {
				wanted = append(wanted, i)
			}
		}
		tree := g.tree(wanted)
		if length := g.length(tree.edges); tree.boundMM > length {
			rt.Fatalf("%d mm, at least %d", length, tree.boundMM)
		}
		if !g.connects(tree.edges, tree.joined) {
			rt.Fatalf("%v do not connect %v", tree.edges, tree.joined)
		}
		if len(g.edges) <= 10 {
			if best := g.bruteLeast(tree.joined); best < tree.boundMM || best > g.length(tree.edges) || 2*best < g.length(tree.edges) {
				rt.Fatalf("best %d, bound %d, tree %d", best, tree.boundMM, g.length(tree.edges))
			}
		}
	})
}

// connects says whether some edges join villages to the root.
func (g *gapGraph) connects(edges []int32, villages []int) bool {
	p := newParts(int(g.nodes))
	for _, e := range edges {
		p.join(g.edges[e].ends[0], g.edges[e].ends[1])
	}
	for _, v := range villages {
		if !slices.ContainsFunc(g.at[v], func(n int32) bool { return p.of(n) == p.of(g.root) }) {
			return false
		}
	}
	return true
}

func (g *gapGraph) bruteLeast(villages []int) int64 {
	best := int64(-1)
	for set := range 1 << len(g.edges) {
		var edges []int32
		for e := range g.edges {
			if set>>e&1 == 1 {
				edges = append(edges, int32(e))
			}
		}
		if length := g.length(edges); (best < 0 || length < best) && g.connects(edges, villages) {
			best = length
		}
	}
	return best
}

func TestRankOptions(t *testing.T) {
	a := Assess(demoCounty(2, 60, 20))
	for _, o := range []RankOptions{{By: "mile"}, {BudgetFen: -1}, {Offset: -1}, {Limit: -1}, {Roads: []ID{9999}}} {
		if _, err := a.RankRoads(context.Background(), o); CodeOf(err) != Invalid {
			t.Errorf("%+v: %v", o, err)
		}
	}
	all := must(a.RankRoads(context.Background(), RankOptions{}))
	page := must(a.RankRoads(context.Background(), RankOptions{Offset: 1, Limit: 2}))
	if page.Total != all.Total || len(page.Rows) != 2 {
		t.Fatalf("%d of %d rows", len(page.Rows), page.Total)
	}
	if diff := cmp.Diff(all.Rows[1:3], page.Rows); diff != "" {
		t.Error(diff)
	}
	some := must(a.RankRoads(context.Background(), RankOptions{Roads: []ID{3, 4}, CostFen: map[ID]int64{3: 500}, By: "yuan", BudgetFen: 1000}))
	for _, row := range some.Rows {
		for _, u := range row.Units {
			if u.Segment != 0 || u.Road != 3 && u.Road != 4 {
				t.Errorf("row %+v", row)
			}
		}
	}
}

func TestCompareRatios(t *testing.T) {
	for _, c := range []struct {
		a, b, c, d int64
		want       int
	}{{1, 2, 1, 3, 1}, {1, 3, 2, 6, 0}, {5, 0, 9, 1, 1}, {0, 0, 1, 9, -1}, {0, 0, 0, 5, 0}, {1 << 62, 1 << 62, 1, 2, 1}, {-5, 3, 0, 4, 0}} {
		if got := compareRatios(c.a, c.b, c.c, c.d); got != c.want {
			t.Errorf("%d/%d against %d/%d: %d", c.a, c.b, c.c, c.d, got)
		}
	}
}
