package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/planner"
)

// scenarioDoors are the routes of docs/scenario.md, as doors has the others.
var scenarioDoors = map[string]door{
	"GET /api/v1/scenarios":                {needs: "read", target: "/api/v1/scenarios?region=%s"},
	"GET /api/v1/scenarios/compare":        {needs: "read", target: "/api/v1/scenarios/compare?region=%s&ids=0,9", ok: 404},
	"GET /api/v1/scenarios/{id}":           {needs: "read", target: "/api/v1/scenarios/9?region=%s", ok: 404},
	"GET /api/v1/scenarios/{id}/conflicts": {needs: "read", target: "/api/v1/scenarios/9/conflicts?region=%s", ok: 404},
	"GET /api/v1/scenarios/{id}/proposed":  {needs: "read", target: "/api/v1/scenarios/9/proposed?region=%s", ok: 404},
	"POST /api/v1/scenarios":               {needs: "plan", body: `{"region":"%s","name":"x","edits":"close:segment:11"}`},
	"PUT /api/v1/scenarios/{id}":           {needs: "plan", target: "/api/v1/scenarios/9", body: `{"region":"%s","version":1,"name":"x"}`, ok: 404},
	"DELETE /api/v1/scenarios/{id}":        {needs: "plan", target: "/api/v1/scenarios/9?region=%s&version=1", ok: 404},
	"POST /api/v1/scenarios/{id}/edits":    {needs: "plan", target: "/api/v1/scenarios/9/edits", body: `{"region":"%s","version":1,"add":"close:segment:11"}`, ok: 404},
	"POST /api/v1/scenarios/{id}/rebase":   {needs: "plan", target: "/api/v1/scenarios/9/rebase", body: `{"region":"%s","version":1}`, ok: 404},
	"POST /api/v1/scenarios/{id}/merge":    {needs: "plan", target: "/api/v1/scenarios/9/merge", body: `{"region":"%s","version":1,"from":8,"edits":[1]}`, ok: 404},
	"POST /api/v1/scenarios/{id}/submit":   {needs: "plan", target: "/api/v1/scenarios/9/submit", body: `{"region":"%s","version":1}`, ok: 404},
	"POST /api/v1/scenarios/{id}/withdraw": {needs: "plan", target: "/api/v1/scenarios/9/withdraw", body: `{"region":"%s","version":1}`, ok: 404},
	"POST /api/v1/scenarios/{id}/reopen":   {needs: "plan", target: "/api/v1/scenarios/9/reopen", body: `{"region":"%s","version":1}`, ok: 404},
	"POST /api/v1/scenarios/{id}/approve":  {needs: "decide", target: "/api/v1/scenarios/9/approve", body: `{"region":"%s","version":1}`, ok: 404},
	"POST /api/v1/scenarios/{id}/return":   {needs: "decide", target: "/api/v1/scenarios/9/return", body: `{"region":"%s","version":1,"reason":"no"}`, ok: 404},
}

func init() { maps.Copy(doors, scenarioDoors) }

// studio is a desk with planners at it.
func studio(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	for login, grants := range map[string][]string{"li": {"planner", ownCounty}, "wang": {"planner", ownCounty}, "both": {"planner", ownCounty, "approver", ownCounty}} {
		d.store.add(login, grants...)
		d.tokens[login] = d.store.session(login)
	}
	return d
}

// scenario sends a deed and gives the scenario after it.
func (d *desk) scenario(who, target, body string) scenarioJSON {
	d.Helper()
	return d.wroteScenario(who, http.MethodPost, "/api/v1/scenarios"+target, body)
}

func (d *desk) wroteScenario(who, method, target, body string) scenarioJSON {
	d.Helper()
	status, _, text := ask(d.T, d.Server, method, target, d.tokens[who], body)
	var out wroteScenarioJSON
	if err := json.Unmarshal([]byte(text), &out); err != nil || status != 200 {
		d.Fatalf("%s %s as %s: %d %v %s", target, body, who, status, err, text)
	}
	return out.Scenario
}

// refused sends a deed that has to be refused and gives the problem.
func (d *desk) refused(who, target, body string, want int) scenarioProblem {
	d.Helper()
	status, _, text := ask(d.T, d.Server, http.MethodPost, "/api/v1/scenarios"+target, d.tokens[who], body)
	var out scenarioProblem
	if err := json.Unmarshal([]byte(text), &out); err != nil || status != want {
		d.Fatalf("%s %s as %s: %d, want %d, %v %s", target, body, who, status, want, err, text)
	}
	return out
}

func deedBody(sc *scenarioJSON, members string) string {
	return fmt.Sprintf(`{"region":"520527","version":%d%s}`, sc.Version, members)
}

func at(sc *scenarioJSON, deed string) string { return fmt.Sprintf("/%d%s", sc.ID, deed) }

// A scenario under a question asks what its edits and thresholds ask, and what
// is asked beside it comes on top.
func TestAQuestionOverAScenario(t *testing.T) {
	d := studio(t)
	sc := d.scenario("li", "", `{"region":"520527","name":"封路","edits":"close:segment:11","settings":{"season":"wet","connect_m":300}}`)
	figures := func(query string) string {
		status, _, text := get(t, d.Server, "/api/v1/report/coverage?region=520527&by=none"+query)
		if status != 200 {
			t.Fatalf("%s: %d %s", query, status, text)
		}
		return text
	}
	if under, plain := figures(fmt.Sprintf("&scenario=%d", sc.ID)), figures("&edits=close:segment:11&season=wet&connect_m=300"); under != plain {
		t.Errorf("the scenario asks\n%s\nits question\n%s", under, plain)
	}
	if under, plain := figures(fmt.Sprintf("&scenario=%d&season=dry&edits=build:segment:12", sc.ID)), figures("&edits=close:segment:11,build:segment:12&season=dry&connect_m=300"); under != plain {
		t.Errorf("with more asked\n%s\nits question\n%s", under, plain)
	}
	if status, _, text := get(t, d.Server, "/api/v1/report/coverage?region=520527&scenario=77"); status != 404 || !strings.Contains(text, "no scenario 77") {
		t.Errorf("no such scenario: %d %s", status, text)
	}
	out := d.send("li", fmt.Sprintf("/api/v1/coverage/difference?region=520527&scenario=%d&from_scenario=0&from_season=none&from_connect_m=0", sc.ID), "", 200)
	if len(out["metrics"].([]any)) == 0 {
		t.Error("nothing is explained between the county and the scenario")
	}
	plan := func(query string) map[string]any {
		return d.send("li", "/api/v1/plan/decide?region=520527"+query, "", 200)
	}
	sc = d.wroteScenario("li", http.MethodPut, "/api/v1/scenarios"+at(&sc, ""), deedBody(&sc, `,"settings":{"yuan_per_km":999999,"leave":0}`))
	if got, want := plan(fmt.Sprintf("&scenario=%d", sc.ID)), plan("&edits=close:segment:11&yuan_per_km=999999&leave=0"); fmt.Sprint(got["objective"], got["costs"]) != fmt.Sprint(want["objective"], want["costs"]) {
		t.Errorf("the scenario's plan is %v %v, its question's %v %v", got["objective"], got["costs"], want["objective"], want["costs"])
	}
}

// The roads that a scenario builds are paid for first by whoever asks its plan,
// as when it is submitted and compared; asked as edits of one's own they are free.
func TestAScenarioPaysForItsRoads(t *testing.T) {
	d := studio(t)
	sc := d.scenario("li", "", `{"region":"520527","name":"甲","edits":"build:segment:12"}`)
	plan := func(query string) *decisionPlanJSON {
		status, _, text := ask(t, d.Server, http.MethodGet, "/api/v1/plan/decide?region=520527"+query, d.tokens["li"], "")
		var out decisionPlanJSON
		if err := json.Unmarshal([]byte(text), &out); err != nil || status != 200 {
			t.Fatalf("%s: %d %v %.200s", query, status, err, text)
		}
		return &out
	}
	under, free := plan(fmt.Sprintf("&scenario=%d", sc.ID)), plan("&edits=build:segment:12")
	roads := under.Costs.Supposed
	if roads <= 0 || free.Costs.Supposed != 0 || *under.Objective != *free.Objective+float64(roads) || *under.Bound != *free.Bound+float64(roads) || under.Costs.Money != free.Costs.Money {
		t.Fatalf("the scenario's plan is %v with %d for roads, without them %v", *under.Objective, roads, *free.Objective)
	}
	if short := plan(fmt.Sprintf("&scenario=%d&budget=%d", sc.ID, roads-1)); short.Status != "infeasible" || !strings.Contains(short.Reason, "1 more than the whole budget") {
		t.Errorf("a yuan short: %s %s", short.Status, short.Reason)
	}
	_, _, text := ask(t, d.Server, http.MethodGet, fmt.Sprintf("/api/v1/plan/curve?region=520527&steps=1&scenario=%d", sc.ID), d.tokens["li"], "")
	var curve budgetCurveJSON
	if err := json.Unmarshal([]byte(text), &curve); err != nil || curve.Need != under.Costs.Money+roads || curve.Points[0].Status != "infeasible" || curve.Points[1].Spent != curve.Need {
		t.Errorf("%v: the curve is %.300s", err, text)
	}
}

// Of two who saw the same version the second is told what stands.
func TestTheSecondEditIsToldWhatStands(t *testing.T) {
	d := studio(t)
	sc := d.scenario("li", "", `{"region":"520527","name":"甲"}`)
	first := d.scenario("wang", at(&sc, "/edits"), deedBody(&sc, `,"add":"close:segment:11"`))
	told := d.refused("li", at(&sc, "/edits"), deedBody(&sc, `,"add":"build:segment:12"`), 409)
	if told.Scenario == nil || told.Scenario.Version != first.Version || told.Scenario.Text != "close:segment:11" || told.Scenario.Edits[0].By != "wang" {
		t.Errorf("told %+v", told.Scenario)
	}
	undone := d.scenario("li", at(&sc, "/edits"), deedBody(told.Scenario, fmt.Sprintf(`,"revoke":[%d],"add":"improve:segment:12"`, told.Scenario.Edits[0].ID)))
	if undone.Text != "improve:segment:12" || undone.Edits[0].Revoked == nil || undone.Edits[0].RevokedBy != "li" || fmt.Sprint(undone.Authors) != "[li wang]" {
		t.Errorf("after taking it back %+v", undone)
	}
	d.refused("li", at(&sc, "/edits"), deedBody(&undone, `,"add":"close:segment:99"`), 422)
	d.refused("li", at(&sc, "/edits"), deedBody(&undone, `,"add":"jump:segment:11"`), 422)
	d.refused("li", at(&sc, "/edits"), deedBody(&undone, ``), 422)
}

// From submission to the plan, with four eyes.
func TestAScenarioBecomesThePlan(t *testing.T) {
	d := studio(t)
	sc := d.scenario("li", "", `{"region":"520527","name":"甲","edits":"build:segment:12","settings":{"yuan_per_km":100}}`)
	sc = d.scenario("both", at(&sc, "/edits"), deedBody(&sc, `,"add":"improve:segment:11"`))
	d.refused("approver", at(&sc, "/approve"), deedBody(&sc, ""), 409) // a draft
	sc = d.scenario("wang", at(&sc, "/submit"), deedBody(&sc, `,"reason":"请批"`))
	if sc.Status != planner.ScenarioSubmitted || sc.Proposed == nil || sc.Proposed.Approved != nil || sc.Proposed.Money <= 0 {
		t.Fatalf("submitted %+v", sc)
	}
	if told := d.refused("li", at(&sc, "/edits"), deedBody(&sc, `,"add":"close:road:1"`), 409); !strings.Contains(told.Detail, "withdraw it first") {
		t.Errorf("edited while submitted: %s", told.Detail)
	}
	if told := d.refused("both", at(&sc, "/approve"), deedBody(&sc, ""), 409); !strings.Contains(told.Detail, "somebody else has to answer it") {
		t.Errorf("an author approves: %s", told.Detail)
	}
	d.refused("approver", at(&sc, "/return"), deedBody(&sc, ""), 422)
	sc = d.scenario("approver", at(&sc, "/return"), deedBody(&sc, `,"reason":"预算"`))
	if sc.Status != planner.ScenarioReturned || sc.Reason != "预算" {
		t.Errorf("returned %+v", sc)
	}
	sc = d.scenario("li", at(&sc, "/submit"), deedBody(&sc, ""))
	proposal := func() (out proposalJSON) {
		_, _, text := ask(t, d.Server, http.MethodGet, "/api/v1/scenarios"+at(&sc, "/proposed?region=520527"), d.tokens["viewer"], "")
		if err := json.Unmarshal([]byte(text), &out); err != nil {
			t.Fatalf("%v %s", err, text)
		}
		return out
	}
	if p := proposal(); p.Unit != "yuan" || p.InForce != nil || p.Changed == 0 || p.Value != sc.Proposed.Value || p.Gap < 0 || p.Gap > 0.011 || len(p.Villages) < p.Changed || p.Villages[0].Name == "" {
		t.Errorf("the approver sees %+v", p)
	}
	if status, form, text := get(t, d.Server, "/api/v1/scenarios"+at(&sc, "/proposed?region=520527&format=csv")); status != 200 || form.Get("Content-Type") != "text/csv; charset=utf-8" || strings.Count(text, "\n") != len(proposal().Villages)+1 {
		t.Errorf("as CSV %d %v %s", status, form, text)
	}
	sc = d.scenario("approver", at(&sc, "/approve"), deedBody(&sc, `,"reason":"同意"`))
	if sc.Status != planner.ScenarioApproved || sc.Proposed.Approved == nil || sc.Proposed.Approved.By != "approver" {
		t.Fatalf("approved %+v", sc.Proposed)
	}
	until(t, "the plan in the world", func() bool { return d.world.Load().counties[ownCounty].snapshot.Plan != nil })
	if p := proposal(); p.InForce == nil || p.Changed != 0 || p.Villages[0].Was != p.Villages[0].Decision {
		t.Errorf("beside itself, in force: %+v", p)
	}
	list := d.send("viewer", "/api/v1/scenarios?region=520527", "", 200)
	if plan, ok := list["plan"].(map[string]any); !ok || plan["name"] != "甲" {
		t.Errorf("in force is %v", list["plan"])
	}
	published := map[string]bool{}
	for _, v := range d.send("viewer", "/api/v1/plan/decide?region=520527", "", 200)["villages"].([]any) {
		published[v.(map[string]any)["published"].(string)] = true
	}
	if !published["road"] && !published["relocate"] {
		t.Errorf("what is published of villages: %v", published)
	}
	d.refused("li", at(&sc, "/withdraw"), deedBody(&sc, ""), 409)
	branch := d.scenario("wang", "", fmt.Sprintf(`{"region":"520527","name":"乙","parent":%d}`, sc.ID))
	if branch.Text != sc.Text || branch.Edits[0].Author != "li" || branch.Edits[0].By != "wang" || branch.Settings.YuanPerKM != 100 || branch.Parent == nil || *branch.Parent != sc.ID {
		t.Errorf("a branch off it: %+v", branch)
	}
}

// A base that fell behind is rebased only with every conflict answered.
func TestRebaseAnswersEveryConflict(t *testing.T) {
	d := studio(t)
	sc := d.scenario("li", "", `{"region":"520527","name":"甲","edits":"close:segment:11,build:segment:12,people:village:2:3:12"}`)
	before := d.store.snapshot(ownCounty)
	d.works.ledger.(*fakeLedger).commit(ownCounty, func(s *planner.Snapshot) {
		s.Segments[0].Surface = "gravel"
		s.Segments = s.Segments[:1]
	})
	revision := d.store.revision
	until(t, "the change", func() bool { return d.world.Load().revision == revision })
	d.store.mu.Lock()
	d.store.past = before // what was known at the base
	d.store.mu.Unlock()
	conflicts := d.send("viewer", "/api/v1/scenarios"+at(&sc, "/conflicts?region=520527"), "", 200)["conflicts"].([]any)
	if len(conflicts) != 2 || conflicts[0].(map[string]any)["kind"] != "changed" || conflicts[1].(map[string]any)["kind"] != "gone" {
		t.Fatalf("conflicts %v", conflicts)
	}
	if told := d.refused("li", at(&sc, "/submit"), deedBody(&sc, ""), 409); !strings.Contains(told.Detail, "rebase it first") {
		t.Errorf("submitted from behind: %s", told.Detail)
	}
	if status, _, text := get(t, d.Server, fmt.Sprintf("/api/v1/report/coverage?region=520527&scenario=%d", sc.ID)); status != 200 {
		t.Errorf("asked at its base: %d %s", status, text) // segment 12 is there
	}
	if told := d.refused("li", at(&sc, "/rebase"), deedBody(&sc, fmt.Sprintf(`,"keep":[%d,%d]`, sc.Edits[0].ID, sc.Edits[1].ID)), 409); len(told.Conflicts) != 1 || told.Conflicts[0].Edit.Edit != "build:segment:12" {
		t.Errorf("what is gone was kept: %+v", told.Conflicts)
	}
	moving := func(to int64) {
		d.store.mu.Lock()
		defer d.store.mu.Unlock()
		d.store.moved = to
	}
	moving(revision + 1) // what the server has not heard of yet
	if told := d.refused("li", at(&sc, "/rebase"), deedBody(&sc, fmt.Sprintf(`,"keep":[%d],"drop":[%d]`, sc.Edits[0].ID, sc.Edits[1].ID)), 409); !strings.Contains(told.Detail, "facts changed") {
		t.Errorf("rebased onto what nobody looked at: %s", told.Detail)
	}
	moving(revision)
	sc = d.scenario("li", at(&sc, "/rebase"), deedBody(&sc, fmt.Sprintf(`,"keep":[%d],"drop":[%d]`, sc.Edits[0].ID, sc.Edits[1].ID)))
	if sc.Text != "close:segment:11,people:village:2:3:12" || !sc.Base.Fresh || sc.Base.Revision != revision {
		t.Errorf("rebased %s at %+v", sc.Text, sc.Base)
	}
}

// A part of one scenario comes into another; what says otherwise there is
// named, and replaced only when asked.
func TestMergeNamesWhatClashes(t *testing.T) {
	d := studio(t)
	into := d.scenario("li", "", `{"region":"520527","name":"甲","edits":"close:segment:11"}`)
	from := d.scenario("wang", "", `{"region":"520527","name":"乙","edits":"build:segment:11,build:segment:12,capacity:site:1:90"}`)
	members := fmt.Sprintf(`,"from":%d,"edits":[%d,%d]`, from.ID, from.Edits[0].ID, from.Edits[2].ID)
	told := d.refused("li", at(&into, "/merge"), deedBody(&into, members), 409)
	if len(told.Clashes) != 1 || told.Clashes[0].Brought.Edit != "build:segment:11" || told.Clashes[0].Stands.Edit != "close:segment:11" {
		t.Errorf("clashes %+v", told.Clashes)
	}
	into = d.scenario("li", at(&into, "/merge"), deedBody(&into, members+`,"replace":true`))
	if into.Text != "build:segment:11,capacity:site:1:90" || into.Edits[1].Author != "wang" || into.Edits[1].By != "li" {
		t.Errorf("merged %+v", into)
	}
	d.refused("li", at(&into, "/merge"), deedBody(&into, members), 422) // all there
	d.refused("li", at(&into, "/merge"), deedBody(&into, fmt.Sprintf(`,"from":%d,"edits":[1]`, into.ID)), 422)
}

// Held beside each other is what differs; the county as it is may be one.
func TestCompareSides(t *testing.T) {
	d := studio(t)
	a := d.scenario("li", "", `{"region":"520527","name":"甲","edits":"build:segment:12"}`)
	b := d.scenario("li", "", `{"region":"520527","name":"乙","edits":"build:segment:12,capacity:site:1:50"}`)
	var out struct {
		Of                []struct{ Supposed, Money int64 }
		Edits             []comparedEditJSON
		Figures, Villages []any
		Sites             []comparedSiteJSON
	}
	_, _, text := get(t, d.Server, fmt.Sprintf("/api/v1/scenarios/compare?region=520527&ids=0,%d,%d", a.ID, b.ID))
	if err := json.Unmarshal([]byte(text), &out); err != nil || len(out.Of) != 3 {
		t.Fatalf("%v %s", err, text)
	}
	if len(out.Edits) != 2 || fmt.Sprint(out.Edits[0].In, out.Edits[1].In) != "[false true true] [false false true]" || len(out.Figures) == 0 || len(out.Villages) == 0 {
		t.Errorf("edits %v, %d figures, %d villages", out.Edits, len(out.Figures), len(out.Villages))
	}
	if len(out.Sites) != 1 || out.Sites[0].At[0].Most == 50 || out.Sites[0].At[2].Most != 50 || out.Of[1].Supposed <= 0 || out.Of[0].Supposed != 0 {
		t.Errorf("sites %+v, supposed %d", out.Sites, out.Of[1].Supposed)
	}
	for _, ids := range []string{"1", "0,0", "0,1,2,3,4", "0,x", "-1,0", ""} {
		if status, _, _ := get(t, d.Server, "/api/v1/scenarios/compare?region=520527&ids="+ids); status != 422 {
			t.Errorf("ids %q: %d", ids, status)
		}
	}
}

// Everyone who watches a county is told of every change of a scenario, with who
// did it; a question over it follows.
func TestScenariosOnTheStream(t *testing.T) {
	d := studio(t)
	base := serveOn(t, d.Server)
	c, other := dialAs(t, base, d.tokens["li"]), dialAs(t, base, d.tokens["viewer"])
	for _, one := range []*client{c, other} {
		one.hello(0)
		one.send(`{"type":"scenarios","region":"520527"}`)
	}
	sc := d.scenario("li", "", `{"region":"520527","name":"甲"}`)
	seen := func(one *client, version int64, text string) {
		t.Helper()
		for {
			g, ok := one.next(2e9)
			if !ok {
				t.Fatal("nothing is told of the scenario")
			}
			if g.text["type"] != "scenario" {
				continue
			}
			told := g.text["scenario"].(map[string]any)
			if told["version"] == float64(version) {
				if told["text"] != text {
					t.Fatalf("told %v, want %q", told, text)
				}
				return
			}
		}
	}
	seen(c, sc.Version, "")
	seen(other, sc.Version, "")
	c.send(`{"type":"question","seq":1,"region":"520527","scenario":%d}`, sc.ID)
	question := func() map[string]any {
		t.Helper()
		for {
			g, ok := c.next(2e9)
			if !ok {
				t.Fatal("the question does not follow")
			}
			if g.text["type"] == "question" {
				return g.text
			}
		}
	}
	if g := question(); g["scenario"] != float64(sc.ID) || g["version"] != float64(sc.Version) {
		t.Errorf("answered %v", g)
	}
	sc = d.scenario("wang", at(&sc, "/edits"), deedBody(&sc, `,"add":"close:segment:11"`))
	seen(other, sc.Version, "close:segment:11")
	if g := question(); g["version"] != float64(sc.Version) || g["seq"] != 1.0 {
		t.Errorf("after an edit %v", g)
	}
	for {
		g, ok := c.next(2e9)
		if !ok {
			t.Fatal("nothing became stale by the edit")
		}
		if g.text["type"] == "stale" && len(staleCellsOf(g)) > 0 {
			break
		}
	}
	other.send(`{"type":"scenarios","region":"999999"}`)
	for g := other.expect("error"); g.text["code"] != "unknown_region"; {
		t.Fatalf("watching nowhere: %v", g.text)
	}
}

// A branch that takes its parent's settings takes its authors too: none of them
// answers it. One with settings of its own has its own authors.
func TestABranchInheritsAuthorsWithSettings(t *testing.T) {
	d := studio(t)
	parent := d.scenario("both", "", `{"region":"520527","name":"甲","settings":{"yuan_per_km":100}}`)
	branch := func(more string) scenarioJSON {
		return d.scenario("li", "", fmt.Sprintf(`{"region":"520527","name":"乙","parent":%d%s}`, parent.ID, more))
	}
	if own := branch(`,"settings":{"yuan_per_km":200}`); fmt.Sprint(own.Authors) != "[li]" {
		t.Errorf("with settings of its own %v", own.Authors)
	}
	sc := branch("")
	if fmt.Sprint(sc.Authors) != "[both li]" || sc.Settings.YuanPerKM != 100 {
		t.Errorf("with those of its parent %v, %+v", sc.Authors, sc.Settings)
	}
	sc = d.scenario("li", at(&sc, "/submit"), deedBody(&sc, ""))
	d.refused("both", at(&sc, "/approve"), deedBody(&sc, ""), 409)
}
