package planner

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/planner/solve"
)

// again assesses a county under a plan in force.
func again(a *Assessment, p *PublishedPlan) *Assessment {
	s := *a.Snapshot
	s.Plan = p
	return Assess(&s)
}

// Where leaving the plan is free it changes nothing; where it is dearer than
// anything else, every village that is still free is decided as published.
func TestTheApprovedPlanIsThePublishedOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, o := drawDecide(t)
		o.Objective, o.Budget, o.InterimPerHead = solve.LeastCost, nil, 2_000
		p := decided(t, a, o)
		if p.Status == solve.Infeasible {
			return
		}
		plan, err := a.Propose(p)
		if err != nil {
			t.Fatal(err)
		}
		free, dear := int64(0), int64(mostYuan)
		o.LeavePerPerson = &free
		without, with := decided(t, a, o), decided(t, again(a, plan), o)
		if without.Objective != with.Objective {
			t.Fatalf("a plan that costs nothing to leave moves the objective from %v to %v", without.Objective, with.Objective)
		}
		o.YuanPerKM, o.YuanPerPerson, o.LeavePerPerson = 7_000_000, 200_000, &dear
		kept := decided(t, again(a, plan), o)
		for i := range kept.Villages {
			v, said := &kept.Villages[i], plan.of(kept.Villages[i].Village)
			if v.Decision != said.Decision || v.Site != said.Site {
				t.Fatalf("village %d: %s to %d, published %s to %d", v.Village, v.Decision, v.Site, said.Decision, said.Site)
			}
			if v.Band != solve.BandFixed && v.Decision != DecideReview && v.Decision != DecideConnected && v.Published != said.Decision {
				t.Fatalf("village %d is published as %s, shown as %s", v.Village, said.Decision, v.Published)
			}
		}
	})
}

// A road that a scenario supposes is in its proposal as a road, with its money.
func TestWhatIsSupposedIsProposed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, o := drawDecide(t)
		o.Budget = nil
		p := decided(t, a, o)
		var edits []Edit
		for _, c := range p.Candidates {
			for _, s := range c.Segments {
				if c.Built && len(edits) < MaxEdits {
					edits = append(edits, Edit{Do: EditBuild, Segment: s})
				}
			}
		}
		asked, err := a.Ask(context.Background(), Question{Edits: edits})
		if err != nil {
			t.Fatal(err)
		}
		roads, err := asked.SupposedRoads(p.Options)
		if err != nil || len(edits) == 0 && roads.Yuan != 0 {
			t.Fatalf("nothing is built for %d yuan, %v", roads.Yuan, err)
		}
		q := decided(t, asked, o)
		if q.Status == solve.Infeasible {
			return
		}
		plan, err := asked.Propose(q)
		if err != nil {
			t.Fatal(err)
		}
		if plan.Money != q.Costs.Money+roads.Yuan {
			t.Fatalf("money %d is not %d and %d", plan.Money, q.Costs.Money, roads.Yuan)
		}
		for i := range plan.Villages {
			d := &plan.Villages[i]
			before, after := a.Villages[a.village[d.Village]].Connected, asked.Villages[asked.village[d.Village]].Connected
			if gains := before != Yes && after == Yes; gains && d.Decision == DecideConnected || d.Decision == DecideRoad && len(d.Segments) == 0 {
				t.Fatalf("village %d: %s before, %s supposed, proposed %s over %v", d.Village, before, after, d.Decision, d.Segments)
			}
		}
	})
}

// What is listed as conflict is what was changed, and nothing else.
func TestConflictsAreWhatChanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := demoCounty(uint64(rapid.IntRange(1, 50).Draw(t, "seed")), 30, 12)
		base := Assess(s)
		n := *s
		n.Segments, n.Villages, n.Sites, n.Roads = slices.Clone(s.Segments), slices.Clone(s.Villages), slices.Clone(s.Sites), slices.Clone(s.Roads)
		touched := map[Subject]ConflictKind{}
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			touch(t, &n, touched)
		}
		sc := &Scenario{}
		edit := func(format string, id ID) {
			sc.Edits = append(sc.Edits, ScenarioEdit{ID: ID(len(sc.Edits) + 1), Text: fmt.Sprintf(format, id)})
		}
		want := map[string]ConflictKind{}
		for i := range s.Segments {
			if id := s.Segments[i].ID; rapid.IntRange(0, 3).Draw(t, "edited") == 0 {
				edit("close:segment:%d", id)
				want[sc.Edits[len(sc.Edits)-1].Text] = touched[Subject{SubjectSegment, id}]
			}
		}
		for i := range s.Villages {
			edit("people:village:%d:35:160", s.Villages[i].ID)
			want[sc.Edits[len(sc.Edits)-1].Text] = touched[Subject{SubjectVillage, s.Villages[i].ID}]
		}
		for i := range s.Sites {
			edit("capacity:site:%d:100", s.Sites[i].ID)
			want[sc.Edits[len(sc.Edits)-1].Text] = touched[Subject{SubjectSite, s.Sites[i].ID}]
		}
		edit("add:site:%d:104.7:27.1:800", 900001)
		want[sc.Edits[len(sc.Edits)-1].Text] = touched[Subject{SubjectSite, 900001}]
		maps.DeleteFunc(want, func(_ string, k ConflictKind) bool { return k == "" })
		got := map[string]ConflictKind{}
		for _, c := range Conflicts(sc, base, Assess(&n)) {
			got[c.Edit.Text] = c.Kind
			if (c.Kind == ConflictChanged) != (len(c.Changes) > 0) {
				t.Fatalf("%s: %s with %v", c.Edit.Text, c.Kind, c.Changes)
			}
		}
		if !maps.Equal(got, want) {
			t.Fatalf("conflicts %v, changed were %v", got, want)
		}
		for i := range sc.Edits { // what was taken back conflicts with nothing
			sc.Edits[i].Revoked = s.AsOf.Time()
		}
		if left := Conflicts(sc, base, Assess(&n)); len(left) > 0 {
			t.Fatalf("%d edits that were taken back conflict", len(left))
		}
	})
}

// touch changes one thing of a county, or takes it away.
func touch(t *rapid.T, s *Snapshot, touched map[Subject]ConflictKind) {
	gone := rapid.Bool().Draw(t, "gone")
	switch rapid.SampledFrom([]string{SubjectSegment, SubjectVillage, SubjectSite, "new"}).Draw(t, "what") {
	case SubjectSegment:
		i := rapid.IntRange(0, len(s.Segments)-1).Draw(t, "which")
		mark(touched, Subject{SubjectSegment, s.Segments[i].ID}, gone)
		if gone {
			s.Segments = slices.Delete(s.Segments, i, i+1)
		} else {
			s.Segments[i].Class = "changed"
		}
	case SubjectVillage:
		i := rapid.IntRange(0, len(s.Villages)-1).Draw(t, "which")
		mark(touched, Subject{SubjectVillage, s.Villages[i].ID}, gone)
		if gone {
			s.Villages = slices.Delete(s.Villages, i, i+1)
		} else {
			s.Villages[i].Hazard = "changed"
		}
	case SubjectSite:
		if len(s.Sites) == 0 || s.Sites[0].ID == 900001 {
			return
		}
		mark(touched, Subject{SubjectSite, s.Sites[0].ID}, gone)
		if gone {
			s.Sites = slices.Delete(s.Sites, 0, 1)
		} else {
			n := int64(12345)
			s.Sites[0].Jobs = &n
		}
	default:
		if _, there := touched[Subject{SubjectSite, 900001}]; !there {
			s.Sites = append(s.Sites, Site{ID: 900001, Name: "新点"})
			touched[Subject{SubjectSite, 900001}] = ConflictTaken
		}
	}
}

func mark(touched map[Subject]ConflictKind, s Subject, gone bool) {
	touched[s] = ConflictChanged
	if gone {
		touched[s] = ConflictGone
	}
}

// A merge brings what is chosen and not there, in order, and names every pair
// that says two things of one subject.
func TestMergeOfAPart(t *testing.T) {
	texts := []string{"close:segment:1", "build:segment:1", "close:road:1", "capacity:site:3:9", "place:site:3:1.00000:2.00000", "close:site:3", "people:village:2:1:4", "people:village:2:2:8"}
	roadOf := func(segment ID) ID { return segment } // segment 1 is of road 1; a road and its segment are closed alike
	same := map[[2]int]bool{{0, 1}: true, {1, 2}: true, {3, 5}: true, {6, 7}: true}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(id ID) *Scenario {
			s := &Scenario{ID: id}
			for i, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(texts)-1), 0, 6, rapid.ID).Draw(t, "edits") {
				s.Edits = append(s.Edits, ScenarioEdit{ID: ID(i + 1), Text: texts[n]})
			}
			return s
		}
		from, into := draw(1), draw(2)
		var ids []ID
		var want []string
		pairs := 0
		for i := range from.Edits {
			e := &from.Edits[i]
			if !rapid.Bool().Draw(t, "chosen") {
				continue
			}
			ids = append(ids, e.ID)
			if slices.Contains(into.Standing(), e.Text) {
				continue
			}
			want = append(want, e.Text)
			for _, other := range into.Standing() {
				x, y := slices.Index(texts, e.Text), slices.Index(texts, other)
				if same[[2]int{min(x, y), max(x, y)}] {
					pairs++
				}
			}
		}
		slices.Reverse(ids)
		add, clashes, err := Merge(from, into, ids, roadOf)
		var got []string
		for i := range add {
			got = append(got, add[i].Text)
		}
		if err != nil || strings.Join(got, " ") != strings.Join(want, " ") || len(clashes) != pairs {
			t.Fatalf("%v, %d clashes, %v; want %v, %d", got, len(clashes), err, want, pairs)
		}
	})
	if _, _, err := Merge(&Scenario{ID: 1}, &Scenario{ID: 2}, []ID{1}, roadOf); CodeOf(err) != Invalid {
		t.Errorf("an edit that is not there: %v", err)
	}
	if _, _, err := Merge(&Scenario{ID: 1}, &Scenario{ID: 1}, nil, roadOf); CodeOf(err) != Invalid {
		t.Errorf("into itself: %v", err)
	}
}

// Of the same twice nothing differs; of two, exactly what one finds by looking
// at each village.
func TestComparisonIsOfDifferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, o := drawDecide(t)
		o.Budget = nil
		var edits []Edit
		for i := range a.Snapshot.Segments {
			if rapid.IntRange(0, 4).Draw(t, "edited") == 0 {
				edits = append(edits, Edit{Do: rapid.SampledFrom([]string{EditClose, EditBuild}).Draw(t, "do"), Segment: a.Snapshot.Segments[i].ID})
			}
		}
		asked, err := a.Ask(context.Background(), Question{Edits: edits})
		if err != nil {
			t.Fatal(err)
		}
		side := func(id ID, a *Assessment) ComparedScenario {
			p := decided(t, a, o)
			roads, err := a.SupposedRoads(o)
			if err != nil {
				t.Fatal(err)
			}
			texts := make([]string, len(a.Question.Edits))
			for i, e := range a.Question.Edits {
				texts[i] = e.String()
			}
			return ComparedScenario{ID: id, Edits: texts, A: a, Plan: p, Roads: roads}
		}
		x, y := side(0, a), side(1, asked)
		same, err := Compare([]ComparedScenario{y, y, y})
		if err != nil || len(same.Edits)+len(same.Figures)+len(same.Villages)+len(same.Sites) > 0 || len(same.Plans) != 3 {
			t.Fatalf("the same three times differs: %+v, %v", same, err)
		}
		c, err := Compare([]ComparedScenario{x, y})
		if err != nil || len(c.Edits) != len(edits) {
			t.Fatalf("%d edits of %d differ, %v", len(c.Edits), len(edits), err)
		}
		rows := map[ID]*ComparedVillage{}
		for i := range c.Villages {
			rows[c.Villages[i].Village] = &c.Villages[i]
		}
		for i := range a.Villages {
			id := a.Villages[i].Village.ID
			before, after := decisionOf(x.Plan, id), decisionOf(y.Plan, id)
			if differs := a.Villages[i].Road != asked.Villages[i].Road || before != after; differs && rows[id] == nil {
				t.Fatalf("village %d: %v, then %v, is not listed", id, before, after)
			}
			if r := rows[id]; r != nil && r.At[0] == r.At[1] {
				t.Fatalf("village %d is listed for nothing", id)
			}
		}
		for _, f := range c.Figures {
			if sameFigure(f.At[0], f.At[1]) {
				t.Fatalf("figure %s does not differ", f.At[0].Metric)
			}
		}
	})
}

// decisionOf is a decision with its site.
func decisionOf(p *DecisionPlan, village ID) string {
	for i := range p.Villages {
		if v := &p.Villages[i]; v.Village == village {
			return fmt.Sprint(v.Decision, v.Site)
		}
	}
	return ""
}
