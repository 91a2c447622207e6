package data_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/planner"
)

func amount(n int64) *int64 { return &n }

// begun is a scenario on the ground, with two edits of li.
func begun(t *testing.T, store *data.Store) *planner.Scenario {
	t.Helper()
	sc := &planner.Scenario{
		Name: "少修三条", Note: "试试", By: "li", Base: planner.ScenarioBase{AsOf: day("2020-06-01")},
		Settings: planner.ScenarioSettings{Season: "wet", ConnectMM: 300_000, YuanPerKM: 800_000, LeavePerPerson: amount(0), Budget: []int64{5, 7}, Objective: "unserved"},
		Edits:    []planner.ScenarioEdit{{Text: "close:segment:1"}, {Text: "build:road:1"}},
	}
	id, _, err := store.AddScenario(t.Context(), workCounty, sc)
	if err != nil {
		t.Fatal(err)
	}
	return scenario(t, store, id)
}

func scenario(t *testing.T, store *data.Store, id planner.ID) *planner.Scenario {
	t.Helper()
	sc, err := store.Scenario(t.Context(), workCounty, id)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// deedOn is something done by somebody who sees a scenario as it stands.
func deedOn(sc *planner.Scenario, by, step, reason string) *planner.ScenarioDeed {
	return &planner.ScenarioDeed{Scenario: sc.ID, Version: sc.Version, By: by, Step: step, Reason: reason, Seen: sc.Base.Revision}
}

// proposal sends the ground's one village to its one site.
func proposal() *planner.PublishedPlan {
	return &planner.PublishedPlan{Revision: 1, AsOf: day("2020-06-01"), Objective: "cost", Value: 12.5, Bound: 12, Money: 60_000,
		Villages: []planner.PublishedDecision{{Village: 1, Decision: planner.DecideRelocate, Site: 1, Persons: amount(20), Segments: []planner.ID{}}}}
}

func TestAScenarioIsReadAsItWasWritten(t *testing.T) {
	store, _ := grounded(t)
	revision, at, err := store.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := begun(t, store)
	want := &planner.Scenario{
		ID: got.ID, Name: "少修三条", Note: "试试", By: "li", Authors: []string{"li"}, Status: planner.ScenarioDraft, Version: 3,
		Base:     planner.ScenarioBase{Revision: revision, At: at, AsOf: day("2020-06-01"), Fresh: true},
		Settings: planner.ScenarioSettings{Season: "wet", ConnectMM: 300_000, YuanPerKM: 800_000, LeavePerPerson: amount(0), Budget: []int64{5, 7}, Objective: "unserved"},
		Edits:    []planner.ScenarioEdit{{Text: "close:segment:1", By: "li", Author: "li"}, {Text: "build:road:1", By: "li", Author: "li"}},
		Steps:    []planner.ScenarioStep{{Step: "made", By: "li"}},
	}
	times := cmp.Options{
		cmpopts.IgnoreFields(planner.Scenario{}, "Changed"), cmpopts.IgnoreFields(planner.ScenarioEdit{}, "ID", "At"), cmpopts.IgnoreFields(planner.ScenarioStep{}, "At"),
	}
	if diff := cmp.Diff(want, got, times); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
	_, err = store.Scenario(t.Context(), workCounty, 77)
	fails(t, err, planner.NotFound, "no scenario 77")
}

// Of two who saw the same version the second is refused, and an edit is taken
// back once.
func TestTwoWhoEditAtOnce(t *testing.T) {
	store, _ := grounded(t)
	sc := begun(t, store)
	first, second := deedOn(sc, "wang", "", ""), deedOn(sc, "zhao", "", "")
	first.Revoke, first.Add = []planner.ID{sc.Edits[0].ID}, []planner.ScenarioEdit{{Text: "improve:segment:1", Author: "chen", From: sc.ID}}
	second.Add = []planner.ScenarioEdit{{Text: "close:road:1"}}
	errs := make(chan error, 2)
	for _, d := range []*planner.ScenarioDeed{first, second} {
		go func() { _, err := store.EditScenario(context.Background(), workCounty, d); errs <- err }()
	}
	var refused int
	for range 2 {
		if err := <-errs; err != nil {
			fails(t, err, planner.Conflict, "somebody else changed scenario")
			refused++
		}
	}
	now := scenario(t, store, sc.ID)
	if refused != 1 || now.Version <= sc.Version {
		t.Errorf("%d of two were refused, version %d after %d", refused, now.Version, sc.Version)
	}
	if len(now.Edits) != 3 { // whoever came first: one edit more
		t.Errorf("%d edits stand in the ledger", len(now.Edits))
	}
	again := deedOn(now, "wang", "", "")
	for _, e := range now.Edits {
		again.Revoke = append(again.Revoke, e.ID)
	}
	_, err := store.EditScenario(t.Context(), workCounty, again)
	if !now.Edits[0].Stands() {
		fails(t, err, planner.Invalid, "does not stand")
	} else if err != nil {
		t.Error(err)
	}
}

// Nobody gets round four eyes: not by the store, nor by SQL.
func TestTheApproverIsNeverAnAuthor(t *testing.T) {
	store, dsn := grounded(t)
	conn := connect(t, dsn)
	sc := begun(t, store)
	edit := deedOn(sc, "wang", "merged", "")
	edit.Add = []planner.ScenarioEdit{{Text: "improve:segment:1", Author: "chen"}}
	if _, err := store.EditScenario(t.Context(), workCounty, edit); err != nil {
		t.Fatal(err)
	}
	sc = scenario(t, store, sc.ID)
	if _, err := store.SubmitScenario(t.Context(), workCounty, deedOn(sc, "zhao", "", "请批"), proposal()); err != nil {
		t.Fatal(err)
	}
	sc = scenario(t, store, sc.ID)
	if diff := cmp.Diff(proposal().Villages, sc.Proposed.Villages); diff != "" {
		t.Errorf("what is proposed (-written +read):\n%s", diff)
	}
	if got := strings.Join(sc.Authors, " "); got != "chen li wang zhao" || sc.Status != planner.ScenarioSubmitted {
		t.Fatalf("authors %s, status %s", got, sc.Status)
	}
	if _, err := conn.Exec(t.Context(), `insert into qiantu.scenario_edit (county, scenario, edit, by_user) values ('130101', $1, 'close:road:1', 'xu')`, sc.ID); err == nil {
		t.Error("a submitted scenario was edited")
	}
	for _, author := range sc.Authors {
		_, err := store.ApproveScenario(t.Context(), workCounty, deedOn(sc, author, "", ""), sc.Proposed.ID)
		fails(t, err, planner.Invalid, "somebody else has to")
		_, err = store.MoveScenario(t.Context(), workCounty, deedOn(sc, author, "returned", "no"), planner.ScenarioReturned)
		fails(t, err, planner.Invalid, "somebody else has to")
		for _, sql := range []string{
			`insert into qiantu.plan_approval (county, plan, on_date, by_user) select county, id, as_of, '%s' from qiantu.plan`,
			`update qiantu.scenario set status = 'approved', changed_by = '%s'`,
			`update qiantu.scenario set status = 'approved', authors = '{}', changed_by = '%s'`,
		} {
			_, err := conn.Exec(t.Context(), fmt.Sprintf(sql, author))
			var pg *pgconn.PgError
			if !errors.As(err, &pg) || pg.ConstraintName != "scenario_four_eyes" {
				t.Errorf("%s: %v", fmt.Sprintf(sql, author), err)
			}
		}
	}
	for _, sql := range []string{
		`update qiantu.scenario set status = 'approved', changed_by = 'liu'`, `update qiantu.scenario set authors = '{}', status = 'draft', note = 'x', changed_by = 'liu'`,
		`update qiantu.scenario set note = 'y'`, `delete from qiantu.scenario`, `update qiantu.plan set money = 1`, `delete from qiantu.plan_village`,
		`update qiantu.scenario_edit set edit = 'close:road:9'`, `delete from qiantu.scenario_step`, `update qiantu.scenario set status = 'archived', changed_by = 'liu'`,
	} {
		if _, err := conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s was done", sql)
		}
	}
	if _, err := store.ApproveScenario(t.Context(), workCounty, deedOn(sc, "liu", "", "同意"), sc.Proposed.ID); err != nil {
		t.Fatal(err)
	}
}

// The authors of a parent whose settings a branch takes are authors of the
// branch, for the database too.
func TestABranchHasTheAuthorsOfItsSettings(t *testing.T) {
	store, _ := grounded(t)
	parent := begun(t, store)
	id, _, err := store.AddScenario(t.Context(), workCounty, &planner.Scenario{Name: "支", Parent: parent.ID, Settings: parent.Settings, Authors: parent.Authors, By: "wang", Base: parent.Base})
	if err != nil {
		t.Fatal(err)
	}
	sc := scenario(t, store, id)
	if got := strings.Join(sc.Authors, " "); got != "li wang" {
		t.Fatalf("authors %s", got)
	}
	if _, err := store.SubmitScenario(t.Context(), workCounty, deedOn(sc, "wang", "", ""), proposal()); err != nil {
		t.Fatal(err)
	}
	sc = scenario(t, store, id)
	_, err = store.ApproveScenario(t.Context(), workCounty, deedOn(sc, "li", "", ""), sc.Proposed.ID)
	fails(t, err, planner.Invalid, "somebody else has to")
}

// The plan in force is the one approved for the latest day up to the day asked
// about, as known then.
func TestThePlanInForce(t *testing.T) {
	store, _ := grounded(t)
	approved := func(money int64, decision planner.Decision) time.Time {
		sc := begun(t, store)
		p := proposal()
		p.Money, p.Revision = money, sc.Base.Revision
		if decision != planner.DecideRelocate {
			p.Villages[0] = planner.PublishedDecision{Village: 1, Decision: decision, Segments: []planner.ID{1}}
		}
		if _, err := store.SubmitScenario(t.Context(), workCounty, deedOn(sc, "li", "", ""), p); err != nil {
			t.Fatal(err)
		}
		sc = scenario(t, store, sc.ID)
		if _, err := store.ApproveScenario(t.Context(), workCounty, deedOn(sc, "liu", "", "同意"), sc.Proposed.ID); err != nil {
			t.Fatal(err)
		}
		return time.Now()
	}
	if snap := read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day("2020-06-15")}); snap.Plan != nil {
		t.Fatalf("a plan before any was approved: %+v", snap.Plan)
	}
	first := approved(1, planner.DecideRelocate)
	approved(2, planner.DecideRoad)
	for _, c := range []struct {
		on    string
		known time.Time
		money int64
	}{{"2020-05-31", time.Time{}, 0}, {"2020-06-01", time.Time{}, 2}, {"2020-12-31", time.Time{}, 2}, {"2020-06-15", first, 1}} {
		snap := read(t, store, planner.SnapshotQuery{Region: workCounty, AsOf: day(c.on), KnownAt: c.known})
		if snap.Plan == nil != (c.money == 0) || snap.Plan != nil && (snap.Plan.Money != c.money || snap.Plan.Approver != "liu" || len(snap.Plan.Villages) != 1) {
			t.Errorf("on %s as known at %v: %+v, want the plan of %d", c.on, c.known, snap.Plan, c.money)
		}
	}
	list, err := store.Scenarios(t.Context(), workCounty)
	if err != nil || len(list) != 2 || list[0].Status != planner.ScenarioApproved || list[0].Proposed == nil {
		t.Errorf("the first plan's scenario is gone: %v, %v", list, err)
	}
}

// Of two scenarios of one base only the first becomes the plan, also when both
// are approved at once; and none does for a day before that of another plan.
func TestAPlanIsNotApprovedOverAnother(t *testing.T) {
	store, _ := grounded(t)
	submitted := func(asOf string) *planner.Scenario {
		sc := begun(t, store)
		p := proposal()
		p.Revision, p.AsOf = sc.Base.Revision, day(asOf)
		if _, err := store.SubmitScenario(t.Context(), workCounty, deedOn(sc, "li", "", ""), p); err != nil {
			t.Fatal(err)
		}
		return scenario(t, store, sc.ID)
	}
	approve := func(sc *planner.Scenario) error {
		_, err := store.ApproveScenario(context.Background(), workCounty, deedOn(sc, "liu", "", ""), sc.Proposed.ID)
		return err
	}
	two := []*planner.Scenario{submitted("2020-06-01"), submitted("2020-06-01")}
	errs := make(chan error, len(two))
	for _, sc := range two {
		go func() { errs <- approve(sc) }()
	}
	refused := 0
	for range two {
		if err := <-errs; err != nil {
			fails(t, err, planner.Conflict, "was approved since the base")
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("%d of two were refused", refused)
	}
	if err := approve(submitted("2020-07-01")); err != nil { // begun after the other was approved
		t.Error(err)
	}
	fails(t, approve(submitted("2020-06-15")), planner.Conflict, "in force from 2020-07-01 on")
}

// A base is behind once a fact changes, and not when scenarios do.
func TestABaseFallsBehind(t *testing.T) {
	store, dsn := grounded(t)
	conn := connect(t, dsn)
	sc := begun(t, store)
	changes := listen(t, store)
	touch := deedOn(sc, "li", "", "")
	touch.Add = []planner.ScenarioEdit{{Text: "close:road:1"}}
	revision, err := store.EditScenario(t.Context(), workCounty, touch)
	if err != nil {
		t.Fatal(err)
	}
	if c := next(t, changes); c.Revision != revision || fmt.Sprint(c.Layers, c.Counties) != "[scenario] [130101]" {
		t.Errorf("an edit is told as %+v at %d", c, revision)
	}
	if sc = scenario(t, store, sc.ID); !sc.Base.Fresh || sc.Base.Behind != 0 {
		t.Errorf("an edit of its own puts the base behind: %+v", sc.Base)
	}
	counties(t, conn, "110101") // another county's: not behind, and not fresh
	if sc = scenario(t, store, sc.ID); sc.Base.Fresh || sc.Base.Behind != 0 {
		t.Errorf("another county's facts: %+v", sc.Base)
	}
	run(t, conn, `update qiantu.village set hazard = 'high' where county = '130101'`)
	if sc = scenario(t, store, sc.ID); sc.Base.Fresh || sc.Base.Behind != 1 {
		t.Errorf("a fact of its own: %+v", sc.Base)
	}
	rebase := deedOn(sc, "wang", "", "")
	rebase.Revoke = []planner.ID{sc.Edits[0].ID}
	_, err = store.RebaseScenario(t.Context(), workCounty, rebase, day("2020-07-01"))
	fails(t, err, planner.Conflict, "facts of the county changed")
	_, err = store.SubmitScenario(t.Context(), workCounty, deedOn(sc, "wang", "", ""), proposal())
	fails(t, err, planner.Conflict, "facts of the county changed")
	if again := scenario(t, store, sc.ID); again.Version != sc.Version || again.Base != sc.Base {
		t.Errorf("what was refused is done: %+v", again)
	}
	if rebase.Seen, _, err = store.Revision(t.Context()); err != nil {
		t.Fatal(err)
	}
	revision, err = store.RebaseScenario(t.Context(), workCounty, rebase, day("2020-07-01"))
	if err != nil {
		t.Fatal(err)
	}
	if sc = scenario(t, store, sc.ID); !sc.Base.Fresh || sc.Base.Behind != 0 || sc.Base.AsOf != day("2020-07-01") || sc.Base.Revision >= revision || sc.Edits[0].Revoker != "wang" {
		t.Errorf("after rebasing at %d: %+v, %+v", revision, sc.Base, sc.Edits[0])
	}
}

// What keeps a step from being taken.
func TestStepsHaveAnOrder(t *testing.T) {
	store, _ := grounded(t)
	sc := begun(t, store)
	move := func(by, step, reason string, to planner.ScenarioStatus) error {
		_, err := store.MoveScenario(t.Context(), workCounty, deedOn(scenario(t, store, sc.ID), by, step, reason), to)
		return err
	}
	fails(t, move("liu", "returned", "x", planner.ScenarioReturned), planner.Invalid, "cannot become returned")
	if err := move("li", "archived", "", planner.ScenarioArchived); err != nil {
		t.Fatal(err)
	}
	edit := deedOn(scenario(t, store, sc.ID), "li", "", "")
	edit.Add = []planner.ScenarioEdit{{Text: "close:road:1"}}
	_, err := store.EditScenario(t.Context(), workCounty, edit)
	fails(t, err, planner.Invalid, "only a draft")
	if err := move("li", "reopened", "", planner.ScenarioDraft); err != nil {
		t.Fatal(err)
	}
	if _, err := store.SubmitScenario(t.Context(), workCounty, deedOn(scenario(t, store, sc.ID), "li", "", ""), proposal()); err != nil {
		t.Fatal(err)
	}
	fails(t, move("liu", "returned", "", planner.ScenarioReturned), planner.Invalid, "say why")
	if err := move("liu", "returned", "预算太高", planner.ScenarioReturned); err != nil {
		t.Fatal(err)
	}
	steps := ""
	for _, s := range scenario(t, store, sc.ID).Steps {
		steps += s.Step + " " + s.By + " "
	}
	if steps != "made li archived li reopened li submitted li returned liu " {
		t.Errorf("steps %s", steps)
	}
	if got := scenario(t, store, sc.ID).Authors; fmt.Sprint(got) != "[li]" {
		t.Errorf("authors %v: who answers is none", got)
	}
}
