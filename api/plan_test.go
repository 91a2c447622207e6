package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// plannedCounty is the small county with something to decide: a hamlet behind
// an earth road, one that no road reaches, one in danger, and a second site.
func plannedCounty() *planner.Snapshot {
	s := smallCounty("520527", 104.5)
	s.Villages[1].Population.Persons, s.Villages[1].Population.Households = ptr(int64(180)), ptr(int64(45))
	s.Villages[2].Population = &planner.Population{AsOf: date("2020-01-01"), Households: ptr(int64(20)), Persons: ptr(int64(80)), Source: "census"}
	s.Villages = append(s.Villages, planner.Village{ID: 4, Name: "滑坡寨", Kind: "hamlet", Township: "520527100", Point: orb.Point{104.61, 27.1003}, Surveyed: true, Hazard: "high",
		Population: &planner.Population{AsOf: date("2020-01-01"), Households: ptr(int64(10)), Persons: ptr(int64(41)), Source: "census"}})
	s.Sites = append(s.Sites, planner.Site{ID: 2, Code: "S2", Name: "集镇点", Mode: "market_town", Township: "520527100", Gate: orb.Point{104.65, 27.1}, CapacityPersons: ptr(int64(60))})
	return s
}

// planLine is a line of a stream, as far as tests look at it.
type planLine struct {
	Type, ID, Detail string
	Seconds          float64
	Status           int
	Objective, Bound *float64
	Plan             json.RawMessage
}

// postPlan reads a whole stream over a real socket.
func postPlan(t testing.TB, base, kind, body string) (*http.Response, []planLine) {
	t.Helper()
	answer, err := http.Post(base+"/api/v1/plan/"+kind, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer, planLines(t, answer.Body)
}

func planLines(t testing.TB, r io.Reader) (out []planLine) {
	t.Helper()
	in := bufio.NewScanner(r)
	in.Buffer(nil, 4<<20)
	for in.Scan() {
		var line planLine
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			t.Fatalf("%v: %.200s", err, in.Text())
		}
		out = append(out, line)
	}
	return out
}

// A stream begins with an id and ends with the plan that one answer gives too.
func TestPlanStreams(t *testing.T) {
	s, _ := live(t, newFake(plannedCounty()))
	base := serveOn(t, s)
	for kind, body := range map[string]string{
		"decide": `{"region":"520527","yuan_per_km":500000,"gap":0}`, "assign": `{"region":"520527","split":true,"gap":0}`, "site": `{"region":"520527","sites":2,"metric":"s","gap":0}`,
	} {
		answer, got := postPlan(t, base, kind, body)
		if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != planLineType || len(got) < 2 || got[0].Type != "begun" || got[0].ID == "" {
			t.Fatalf("%s: %d %v %+v", kind, answer.StatusCode, answer.Header, got)
		}
		last := got[len(got)-1]
		if last.Type != "plan" || last.ID != got[0].ID {
			t.Fatalf("%s ends with %+v", kind, last)
		}
		golden(t, "plan_"+kind, string(last.Plan))
	}
	_, _, one := get(t, s, "/api/v1/plan/decide?region=520527&yuan_per_km=500000&gap=0")
	golden(t, "plan_decide", one)
	_, again := postPlan(t, base, "decide", `{"region":"520527","yuan_per_km":500000,"gap":0,"leave":6000,"upkeep":3000,"haul":10,"threads":1,"objective":"cost"}`)
	golden(t, "plan_decide", string(again[len(again)-1].Plan))
}

// What a plan of nothing says elsewhere than in the default is used.
func TestPlanTakesWhatItIsAsked(t *testing.T) {
	s, _ := live(t, newFake(plannedCounty()))
	_, _, plain := get(t, s, "/api/v1/plan/decide?region=520527")
	for _, more := range []string{"yuan_per_km=1", "yuan_per_person=1", "interim=5", "leave=1", "upkeep=1", "haul=7000", "budget=50000", "budget=20000,30000", "objective=unserved",
		"edits=close:segment:12", "season=wet&edits=close:segment:11"} {
		if status, _, other := get(t, s, "/api/v1/plan/decide?region=520527&"+more); status != 200 || other == plain {
			t.Errorf("%s: %d, %v %.200s", more, status, other == plain, other)
		}
	}
}

// A plan that a stream made is there in every form for who began it, and for
// nobody else.
func TestPlanInEveryForm(t *testing.T) {
	s, _ := live(t, newFake(plannedCounty()))
	base := serveOn(t, s)
	for kind, body := range map[string]string{"decide": `{"region":"520527"}`, "assign": `{"region":"520527"}`} {
		_, got := postPlan(t, base, kind, body)
		id := got[0].ID
		fetch := func(query string) (int, string, string) {
			answer, err := http.Get(base + "/api/v1/plan/" + id + query)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			raw, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			return answer.StatusCode, answer.Header.Get("Content-Type"), string(raw)
		}
		if _, _, whole := fetch(""); !jsonEqual(t, whole, string(got[len(got)-1].Plan)) {
			t.Errorf("%s: held as %.200s", kind, whole)
		}
		if status, form, rows := fetch("?format=csv"); status != 200 || form != "text/csv; charset=utf-8" || !strings.HasPrefix(rows, "village,") || strings.Count(rows, "\n") < 3 {
			t.Errorf("%s: %d %s %s", kind, status, form, rows)
		}
		for lang, word := range map[string]string{"zh-CN": "搬迁", "en": "Relocate"} {
			_, form, book := fetch("?format=xlsx&lang=" + lang)
			about, rows := tableOf(t, workbook(t, book))
			if form != sheetType || about["单位 unit"] != "测试县520527 520527" || len(rows) < 2 || kind == "decide" && rows[3]["decision"] != word {
				t.Errorf("%s %s: %s %v %v", kind, lang, form, about, rows)
			}
			if kind == "decide" && (about["差距折合 gap in money"] == "" || about["差距折合人数 gap in persons"] == "" || about["补短费用不详的修路村 road, service cost unknown"] != "1" || !unpriced(rows, lang)) {
				t.Errorf("%s: the gap or what is not priced is not said: %v %v", lang, about, rows)
			}
		}
		if status, _, body := get(t, s, "/api/v1/plan/"+id); status != 404 { // from another address
			t.Errorf("%s: a stranger has %d %.100s", kind, status, body)
		}
	}
}

// unpriced tells whether services that nobody has priced are unknown, not free.
func unpriced(rows []map[string]string, lang string) bool {
	unknown := map[string]string{"zh-CN": "未知", "en": "unknown"}[lang]
	return slices.ContainsFunc(rows, func(row map[string]string) bool { return row["stay"] == unknown })
}

// fakePlan is a server on which POST /plan makes a plan that ends only when it
// is told to.
func fakePlan(t *testing.T, s *Server, words string, make func(context.Context, planner.PlanLimits) (*madePlan, error)) *httptest.Server {
	t.Helper()
	r := chi.NewRouter()
	v1 := humachi.New(r, huma.DefaultConfig("test", "1"))
	huma.Register(v1, huma.Operation{OperationID: "plan", Method: http.MethodPost, Path: "/plan"}, func(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
		return s.streamPlan(ctx, &planJob{county: s.world.Load().counties["520527"], words: words, within: time.Minute, make: make})
	})
	web := httptest.NewUnstartedServer(r)
	web.Config.ReadTimeout, web.Config.WriteTimeout = 300*time.Millisecond, 300*time.Millisecond
	web.Start()
	t.Cleanup(web.Close)
	return web
}

// A plan that is stopped ends with the best so far; it says how far it is, at
// most ten times a second, and no deadline of the server cuts it off. What was
// stopped answers nobody else.
func TestPlanStops(t *testing.T) {
	s, _ := live(t, newFake(plannedCounty()))
	web := fakePlan(t, s, "stopped", func(ctx context.Context, l planner.PlanLimits) (*madePlan, error) {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for n := 1000.0; ; n-- {
			select {
			case <-tick.C:
				l.Progress(planner.PlanOutcome{Objective: n, Bound: math.Inf(-1)})
			case <-ctx.Done():
				return &madePlan{wire: &decisionPlanJSON{solvedJSON: solvedJSON{Status: "stopped"}}, stopped: true}, nil
			}
		}
	})
	answer, err := http.Post(web.URL+"/plan", "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	in := bufio.NewReader(answer.Body)
	first, err := in.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	id := planLines(t, bytes.NewReader(first))[0].ID
	time.Sleep(700 * time.Millisecond)
	if s.plans.stop(id, "login somebody") || !s.plans.stop(id, nobody.name()) {
		t.Error("who began it stops it, and nobody else")
	}
	got := planLines(t, in)
	if n := len(got); n < 4 || n > 9 || got[n-1].Type != "plan" || got[0].Objective == nil || got[0].Bound != nil {
		t.Errorf("%d lines in 0.7 s: %+v", n, got)
	}
	if s.plans.stop(id, nobody.name()) {
		t.Error("it is stopped twice")
	}
	if s.costly.held.bytes() != 0 {
		t.Error("what was stopped is held for others")
	}
}

// Who leaves ends the work; who has two going gets no third; and one that waits
// for a place can be stopped.
func TestPlanEndsWithItsReader(t *testing.T) {
	s, _ := live(t, newFake(plannedCounty()))
	ended := make(chan struct{}, plansEach)
	web := fakePlan(t, s, "left", func(ctx context.Context, _ planner.PlanLimits) (*madePlan, error) {
		<-ctx.Done()
		ended <- struct{}{}
		return nil, ctx.Err()
	})
	ctx, leave := context.WithCancel(t.Context())
	post := func() (*http.Response, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, web.URL+"/plan", nil)
		if err != nil {
			t.Fatal(err)
		}
		return http.DefaultClient.Do(r)
	}
	for range plansEach {
		answer, err := post()
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
	}
	until(t, "both to have a place", func() bool { return len(s.plans.slots) == plansEach })
	answer, err := post()
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 429 || answer.Header.Get("Retry-After") != "1" {
		t.Errorf("the third: %d %v", answer.StatusCode, answer.Header)
	}
	base := serveOn(t, s) // another caller, for whom there is no place
	other, err := http.Post(base+"/api/v1/plan/decide", "application/json", strings.NewReader(`{"region":"520527"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Body.Close()
	in := bufio.NewReader(other.Body)
	first, err := in.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	stop, err := http.Post(base+"/api/v1/plan/"+planLines(t, bytes.NewReader(first))[0].ID+"/stop", "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	stop.Body.Close()
	if got := planLines(t, in); stop.StatusCode != 204 || got[len(got)-1].Type != "problem" || got[len(got)-1].Status != 503 {
		t.Errorf("stopped while it waits: %d, %s", stop.StatusCode, got[len(got)-1].Type)
	}
	leave()
	for range plansEach {
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Fatal("the work goes on")
		}
	}
	until(t, "the places to be free", func() bool { return len(s.plans.slots) == 0 })
}

// Nonsense is refused with a sentence that names what it is about.
func TestPlanRefuses(t *testing.T) {
	s, _ := live(t, newFake(plannedCounty()))
	base := serveOn(t, s)
	for _, c := range []struct {
		kind, members string
		status        int
		says          string
	}{
		{"decide", `"yuan_per_km":-1`, 422, "yuan per km is -1"}, {"decide", `"yuan_per_person":1e10`, 400, ""}, {"decide", `"yuan_per_person":10000000000`, 422, "1000000000"},
		{"decide", `"yuan_per_km":NaN`, 400, ""}, {"decide", `"leave":-5`, 422, "leaving"}, {"decide", `"upkeep":-5`, 422, "upkeep"}, {"decide", `"haul":-5`, 422, "haul"}, {"decide", `"interim":-5`, 422, "interim"},
		{"decide", `"budget":[-1]`, 422, "budget of year 1"}, {"decide", `"budget":[1,9223372036854775807]`, 422, "budget of year 2"}, {"decide", `"budget":[` + strings.Repeat("1,", 50) + `1]`, 422, "51 years"},
		{"decide", `"objective":"fun"`, 422, "fun"}, {"decide", `"gap":-0.1`, 422, "body.gap"}, {"decide", `"gap":2`, 422, "body.gap"}, {"decide", `"time_limit_s":0`, 422, "body.time_limit_s"},
		{"decide", `"time_limit_s":1e9`, 422, "body.time_limit_s"}, {"decide", `"threads":1000`, 422, "body.threads"}, {"decide", `"seed":-1`, 422, "body.seed"}, {"decide", `"edits":"close:moon:1"`, 422, "body.edits"},
		{"decide", `"edits":"close:segment:99"`, 422, "segment 99"}, {"decide", `"season":"rain"`, 422, "body.season"}, {"decide", `"sites":3`, 400, "sites"}, {"decide", `"as_of":"soon"`, 422, "body.as_of"},
		{"site", `"sites":0`, 422, "body.sites"}, {"site", `"sites":-4`, 422, "body.sites"}, {"site", `"sites":1,"split":true`, 422, "body.sites"}, {"assign", `"sites":1`, 422, "body.sites"},
		{"assign", `"metric":"miles"`, 422, "body.metric"}, {"assign", `"to":[` + strings.Repeat("1,", planSites) + `1]`, 422, "body.to"}, {"assign", `"to":["x"]`, 400, "to"},
	} {
		body := `{"region":"520527",` + c.members + `}`
		answer, err := http.Post(base+"/api/v1/plan/"+c.kind, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != c.status || !strings.Contains(string(raw), c.says) {
			t.Errorf("%s %.80s: %d %s", c.kind, c.members, answer.StatusCode, raw)
		}
	}
	_, got := postPlan(t, base, "assign", `{"region":"520527","to":[77]}`)
	if last := got[len(got)-1]; last.Type != "problem" || last.Status != 422 || !strings.Contains(last.Detail, "no site 77") {
		t.Errorf("a site that is none: %+v", last)
	}
	_, got = postPlan(t, base, "site", `{"region":"520527","sites":1000000000}`)
	if last := got[len(got)-1]; last.Type != "plan" {
		t.Errorf("more sites than there are: %+v", last)
	}
	for query, location := range map[string]string{
		"gap=NaN": "gap", "gap=-1": "gap", "time_limit_s=NaN": "time_limit_s", "time_limit_s=Inf": "time_limit_s", "budget=x": "budget", "threads=0": "threads", "seed=-1": "seed",
		"yuan_per_km=-3": "yuan_per_km", "objective=fun": "objective", "format=pdf": "format", "edits=close:moon:1": "edits", "sites=2": "sites",
	} {
		status, header, body := get(t, s, "/api/v1/plan/decide?region=520527&"+query)
		if problemIn(t, header, body); status != 422 || !strings.Contains(body, `"location":"query.`+location+`"`) {
			t.Errorf("%s: %d %s", query, status, body)
		}
	}
	if status, _, body := get(t, s, "/api/v1/plan/decide?region=520527&budget=-5"); status != 422 || !strings.Contains(body, "budget of year 1 is -5") {
		t.Errorf("a budget below zero: %d %s", status, body)
	}
}

// The defaults that the OpenAPI document names are those of the planner.
func TestPlanDefaults(t *testing.T) {
	s, _ := live(t, newFake(plannedCounty()))
	base := serveOn(t, s)
	_, bare := postPlan(t, base, "decide", `{"region":"520527"}`)
	_, named := postPlan(t, base, "decide", `{"region":"520527","leave":6000,"upkeep":3000,"haul":10,"gap":0.01,"time_limit_s":60,"threads":1,"objective":"cost","yuan_per_person":60000}`)
	if diff := cmp.Diff(unmoved(bare), unmoved(named)); diff != "" {
		t.Error(diff)
	}
}

// unmoved is the plan that ends a stream, without its time.
func unmoved(got []planLine) string {
	return fmt.Sprint(moving.ReplaceAllString(strings.ReplaceAll(string(got[len(got)-1].Plan), ":", ": "), ""))
}

func jsonEqual(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatalf("%v: %.200s", err, a)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatalf("%v: %.200s", err, b)
	}
	return cmp.Equal(x, y)
}

// A curve goes from nothing to the need; every point is the plan that its budget
// gives, and is held for whoever opens it.
func TestBudgetCurve(t *testing.T) {
	s, _ := live(t, newFake(plannedCounty()))
	status, _, body := get(t, s, "/api/v1/plan/curve?region=520527&steps=4&gap=0")
	var curve budgetCurveJSON
	if err := json.Unmarshal([]byte(body), &curve); err != nil || status != 200 || len(curve.Points) != 5 || curve.Need == 0 {
		t.Fatalf("%d %v %s", status, err, body)
	}
	held := s.costly.held.bytes()
	for i, p := range curve.Points {
		query := fmt.Sprintf("&budget=%d", p.Budget)
		if i == len(curve.Points)-1 {
			query = ""
		}
		_, _, plan := get(t, s, "/api/v1/plan/decide?region=520527&gap=0"+query)
		var opened decisionPlanRead
		if err := json.Unmarshal([]byte(plan), &opened); err != nil {
			t.Fatal(err)
		}
		if opened.Status != p.Status || opened.Costs.Money != p.Spent || !cmp.Equal(opened.Objective, p.Objective) || !cmp.Equal(opened.County.Villages, p.Villages) {
			t.Errorf("the plan of point %d is another: %+v, %+v", i, p, opened)
		}
		if p.Status != "infeasible" && p.Spent > p.Budget || i > 0 && p.Objective != nil && curve.Points[i-1].Objective != nil && *p.Objective > *curve.Points[i-1].Objective {
			t.Errorf("point %d: %+v after %+v", i, p, curve.Points[i-1])
		}
	}
	if now := s.costly.held.bytes(); now != held {
		t.Errorf("plans behind points were made again: %d bytes held, then %d", held, now)
	}
	if last := curve.Points[4]; last.Spent != curve.Need || last.MeanMove == nil || *last.MeanMove < 1000 {
		t.Errorf("%+v", last)
	}
	for _, query := range []string{"steps=0", "steps=21", "budget=5", "gap=-1", "time_limit_s=0", "yuan_per_km=-1"} {
		if status, header, body := get(t, s, "/api/v1/plan/curve?region=520527&"+query); status != 422 {
			t.Errorf("%s: %d %s", query, status, body)
		} else {
			problemIn(t, header, body)
		}
	}
}

type decisionPlanRead struct {
	Status    string
	Objective *float64
	Costs     struct{ Money int64 }
	County    struct {
		Villages map[planner.Decision]int64
	}
}
