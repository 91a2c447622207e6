package planner

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/planner/solve"
)

// What is proposed stands without the question: nobody moves to a place that is
// not in the register, and no site is filled beyond the room it really has.
func TestNothingSupposedIsProposed(t *testing.T) {
	var proposed, refused int
	rapid.Check(t, func(t *rapid.T) {
		a, o := drawDecide(t)
		o.Budget = nil
		var edits []Edit
		moved, people := map[ID]bool{}, false
		for i := range a.Snapshot.Sites {
			s := &a.Snapshot.Sites[i]
			switch rapid.IntRange(0, 4).Draw(t, "site") {
			case 0:
				edits = append(edits, Edit{Do: EditCapacity, Site: s.ID, Persons: 5_000})
			case 1:
				p := s.Gate
				p[0] += 0.001
				edits, moved[s.ID] = append(edits, Edit{Do: EditPlace, Site: s.ID, Point: p}), true
			}
		}
		if rapid.IntRange(0, 5).Draw(t, "people") == 0 {
			edits, people = append(edits, Edit{Do: EditPeople, Village: a.Snapshot.Villages[0].ID}), true
		}
		asked, err := a.Ask(context.Background(), Question{Edits: edits})
		if err != nil {
			t.Fatal(err)
		}
		q := decided(t, asked, o)
		if q.Status == solve.Infeasible {
			return
		}
		bad := people
		sent := map[ID]int64{}
		for i := range q.Villages {
			if v := &q.Villages[i]; v.Site != 0 {
				bad = bad || moved[v.Site]
				if v.Why != WhyMoved {
					sent[v.Site] += v.Persons
				}
			}
		}
		for i, c := range a.SiteCapacity() {
			n := sent[a.Snapshot.Sites[i].ID]
			bad = bad || n > 0 && n > c.Free
		}
		if _, err := asked.Propose(q); (err != nil) != bad || err != nil && CodeOf(err) != Invalid {
			t.Fatalf("under %s: refused as %v, should be %v", FormatEdits(edits), err, bad)
		}
		if bad {
			refused++
		} else {
			proposed++
		}
	})
	if proposed == 0 || refused == 0 {
		t.Errorf("%d plans were proposed, %d refused", proposed, refused)
	}
}

// Each refusal says what is wrong.
func TestWhyAPlanIsNotProposed(t *testing.T) {
	a := Assess(demoCounty(1, 30, 12))
	rule := a.Snapshot.Rules.ConnectMM
	for want, q := range map[string]Question{
		"looser than the county's rule": {ConnectMM: rule + 1000},
		"supposes people":               {Edits: []Edit{{Do: EditPeople, Village: a.Snapshot.Villages[0].ID}}},
		"no decision for village":       {},
	} {
		asked, err := a.Ask(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := asked.Propose(&DecisionPlan{}); CodeOf(err) != Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is refused as %v", want, err)
		}
	}
}

// A plan stands in its own county, and not where one of its villages or sites is
// gone.
func TestAPlanStandsOnItsVillagesAndSites(t *testing.T) {
	s := demoCounty(1, 30, 12)
	p := &PublishedPlan{}
	for i := range s.Villages {
		p.Villages = append(p.Villages, PublishedDecision{Village: s.Villages[i].ID, Decision: DecideRoad})
	}
	p.Villages[0].Decision, p.Villages[0].Site = DecideRelocate, s.Sites[0].ID
	if err := p.Stands(s); err != nil {
		t.Fatal(err)
	}
	fewer := *s
	fewer.Villages = s.Villages[:len(s.Villages)-1]
	if err := p.Stands(&fewer); CodeOf(err) != Conflict || !strings.Contains(err.Error(), "decides about village") {
		t.Errorf("without its last village: %v", err)
	}
	fewer = *s
	fewer.Sites = s.Sites[1:]
	if err := p.Stands(&fewer); CodeOf(err) != Conflict || !strings.Contains(err.Error(), "moves village") {
		t.Errorf("without its site: %v", err)
	}
}
