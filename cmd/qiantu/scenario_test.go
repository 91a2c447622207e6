package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// branch is what this test reads of a scenario.
type branch struct {
	ID, Version int64
	Text        string
	Status      string
	Base        struct{ Behind int64 }
	Edits       []struct {
		ID int64
		By string
	}
	Proposed *struct{ Money int64 }
}

// planners are people of a generated county who may plan, edit or answer.
func planners(t *testing.T) (s *service, county string, who map[string]*person) {
	t.Helper()
	dir := dataDir(t)
	must(t, dir, "generate", "--villages", "40", "--seed", "5")
	s = start(t, dir, "serve")
	found := regexp.MustCompile(`/#setup with this token: (\S+)`).FindStringSubmatch(s.err.String())
	if found == nil {
		t.Fatalf("no token was printed:\n%s", s.err)
	}
	boss := &person{t: t, base: s.url}
	boss.must(201, "POST", "/api/v1/setup", fmt.Sprintf(`{"token":%q,"login":"boss","name":"Boss","password":%q}`, found[1], password))
	who = map[string]*person{}
	for login, role := range map[string]string{"li": "planner", "zhao": "planner", "wang": "editor", "chen": "approver"} {
		boss.must(201, "POST", "/api/v1/users", fmt.Sprintf(`{"login":%q,"name":%q,"password":%q}`, login, login, password))
		boss.must(200, "POST", "/api/v1/users/"+login+"/grants", fmt.Sprintf(`{"role":%q,"region":"*"}`, role))
		who[login] = &person{t: t, base: s.url}
		who[login].must(201, "POST", "/api/v1/session", fmt.Sprintf(`{"login":%q,"password":%q}`, login, password))
	}
	var regions struct{ Regions []struct{ Code string } }
	if err := json.Unmarshal([]byte(who["li"].must(200, "GET", "/api/v1/regions", "")), &regions); err != nil {
		t.Fatal(err)
	}
	return s, regions.Regions[0].Code, who
}

// does sends a deed on a scenario and gives the scenario after it.
func (p *person) does(path, body string) branch {
	p.t.Helper()
	var out struct{ Scenario branch }
	if err := json.Unmarshal([]byte(p.must(200, "POST", "/api/v1/scenarios"+path, body)), &out); err != nil {
		p.t.Fatal(err)
	}
	return out.Scenario
}

// told waits until a stream tells of a version of a scenario, and how long that took.
func told(t *testing.T, ws *websocket.Conn, version int64) time.Duration {
	t.Helper()
	start := time.Now()
	ws.SetReadDeadline(start.Add(10 * time.Second))
	for {
		kind, text, err := ws.ReadMessage()
		if err != nil {
			t.Fatalf("version %d is not told of: %v", version, err)
		}
		var frame struct {
			Type     string
			Scenario branch
		}
		if kind == websocket.TextMessage && json.Unmarshal(text, &frame) == nil && frame.Type == "scenario" && frame.Scenario.Version == version {
			return time.Since(start)
		}
	}
}

// A scenario from its first edit to the plan, in the real database: it stays at its base while the county changes, is
// rebased, and the plan that others make from then on has it as the published one.
func TestAScenarioFromFirstEditToPlan(t *testing.T) {
	s, county, who := planners(t)
	defer s.stop()
	li, chen := who["li"], who["chen"]
	ws := who["zhao"].stream()
	if err := ws.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"type":"scenarios","region":%q}`, county)); err != nil {
		t.Fatal(err)
	}
	var roads struct{ Items []struct{ ID int64 } }
	if err := json.Unmarshal([]byte(li.must(200, "GET", "/api/v1/roads?region="+county+"&drawn=true", "")), &roads); err != nil || len(roads.Items) < 2 {
		t.Fatalf("%d roads, %v", len(roads.Items), err)
	}
	road := roads.Items[0].ID
	sc := li.does("", fmt.Sprintf(`{"region":%q,"name":"甲","edits":"close:road:%d","settings":{"yuan_per_km":777}}`, county, road))
	sc = li.does(fmt.Sprintf("/%d/edits", sc.ID), fmt.Sprintf(`{"region":%q,"version":%d,"add":"close:road:%d"}`, county, sc.Version, roads.Items[1].ID))
	if took := told(t, ws, sc.Version); took > time.Second {
		t.Errorf("another planner saw the edit after %v", took)
	}
	report := func(what string) map[string]row {
		return reportCSV(t, s.dir, "coverage", county, strings.Fields(what)...)
	}
	scenario := fmt.Sprintf("--scenario %d", sc.ID)
	asked, base := report(scenario), report(fmt.Sprintf("--edits close:road:%d,close:road:%d", road, roads.Items[1].ID))
	if len(asked) == 0 || fmt.Sprint(asked) != fmt.Sprint(base) {
		t.Error("the shell asks the scenario otherwise than its edits")
	}

	who["wang"].must(200, "POST", fmt.Sprintf("/api/v1/roads/%d/operation", road), fmt.Sprintf(`{"region":%q,"kind":"reverse","on":"2020-01-01","reason":"signs were turned"}`, county))
	if now := report(scenario); fmt.Sprint(now) != fmt.Sprint(base) {
		t.Error("the scenario moved although its base stands")
	}
	var behind struct {
		Behind    int64
		Conflicts []struct{ Kind, Layer string }
	}
	query := fmt.Sprintf("?region=%s", county)
	for end := time.Now().Add(5 * time.Second); len(behind.Conflicts) == 0 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err := json.Unmarshal([]byte(li.must(200, "GET", fmt.Sprintf("/api/v1/scenarios/%d/conflicts%s", sc.ID, query), "")), &behind); err != nil {
			t.Fatal(err)
		}
	}
	if behind.Behind == 0 || len(behind.Conflicts) != 1 || behind.Conflicts[0].Layer != "road" || behind.Conflicts[0].Kind != "changed" {
		t.Fatalf("conflicts: %+v", behind)
	}
	at := func(deed, more string) (string, string) {
		return fmt.Sprintf("/%d/%s", sc.ID, deed), fmt.Sprintf(`{"region":%q,"version":%d%s}`, county, sc.Version, more)
	}
	path, body := at("rebase", "")
	li.must(409, "POST", "/api/v1/scenarios"+path, body)
	sc = li.does(at("rebase", fmt.Sprintf(`,"drop":[%d]`, sc.Edits[0].ID)))
	if sc.Base.Behind != 0 || sc.Text != fmt.Sprintf("close:road:%d", roads.Items[1].ID) {
		t.Errorf("rebased: %+v", sc)
	}

	sc = li.does(at("submit", ""))
	path, body = at("approve", "")
	li.must(403, "POST", "/api/v1/scenarios"+path, body)
	sc = chen.does(path, body)
	if sc.Status != "approved" {
		t.Fatalf("approved: %+v", sc)
	}
	var plan struct {
		Villages []struct {
			ID                  int64
			Decision, Published string
		}
	}
	if err := json.Unmarshal([]byte(must(t, s.dir, "plan", "decide", "--region", county, "--json")), &plan); err != nil {
		t.Fatal(err)
	}
	published := map[string]int{}
	for _, v := range plan.Villages {
		published[v.Published]++
	}
	if published["road"]+published["relocate"] == 0 {
		t.Errorf("%d villages, published are %v", len(plan.Villages), published)
	}
	if _, stderr, status := program(t, s.dir, "plan", "decide", "--region", county, "--scenario", strconv.FormatInt(sc.ID+77, 10)); status != exitFailed || !strings.Contains(stderr, "no scenario") {
		t.Errorf("a scenario that is not there: %d %s", status, stderr)
	}
}
