package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qiantu/qiantu/planner"
)

// What its client has named is stored once: again it has the first answer, even
// where it could not be done anew, and another content is refused.
func TestNamedWritesAreStoredOnce(t *testing.T) {
	d := newDesk(t)
	for target, body := range map[string]string{
		"/api/v1/disputes":         `{"region":"520527","id":"` + someUUID + `","road":1,"from_mm":0,"to_mm":1000,"stage":"surface","reason":"two say so","on":"2020-05-05"}`,
		"/api/v1/inspections":      `{"region":"520527","id":"` + someUUID + `","kind":"planned","road":1,"from_mm":0,"to_mm":1000,"on":"2020-05-05"}`,
		"/api/v1/inspections/draw": `{"region":"520527","id":"` + someUUID + `","count":2,"length_m":100,"seed":1,"on":"2020-06-05"}`,
	} {
		first := d.send("editor", target, body, 200)
		d.shows(first)
		stored := func() (n int) {
			s := d.store.snapshot(ownCounty)
			return len(s.Disputes) + len(s.Inspections)
		}
		n := stored()
		if diff := cmp.Diff(first, d.send("editor", target, " "+body, 200)); diff != "" || stored() != n {
			t.Errorf("%s again: %d are stored, before %d; the answer differs:\n%s", target, stored(), n, diff)
		}
		d.send("editor", target, strings.Replace(body, "-05\"", "-06\"", 1), 409)
		d.send("editor", target, strings.Replace(body, someUUID, "x", 1), 422)
		if stored() != n {
			t.Errorf("%s: what was refused is stored", target)
		}
	}
}

// Many who enter the same metres at once see each other: one report adds them,
// every other one is told that they were reported.
func TestReportsAtOnceSeeEachOther(t *testing.T) {
	d := newDesk(t)
	const many = 12
	var fresh, told int
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range many {
		all.Go(func() {
			body := fmt.Sprintf(`{"region":"520527","id":%q,"road":1,"from_mm":20000000,"to_mm":21000000,"stage":"clearing","on":"2020-05-05"}`, reportID(n))
			status, _, text := ask(t, d.Server, http.MethodPost, "/api/v1/progress", d.tokens["editor"], body)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case status != http.StatusCreated:
				t.Errorf("%d %s", status, text)
			case strings.Contains(text, `"R09"`):
				told++
			default:
				fresh++
			}
		})
	}
	all.Wait()
	if fresh != 1 || told != many-1 {
		t.Errorf("%d added the metres, %d were told", fresh, told)
	}
	if len(d.works.turns.slots[ownCounty]) != 0 {
		t.Error("a turn was not given back")
	}
}

// The day is that of the clock where the service runs.
func TestToday(t *testing.T) {
	east := time.FixedZone("", 8*3600)
	w := newWorks(nil, func() time.Time { return time.Date(2026, 11, 23, 1, 0, 0, 0, east) })
	if got := w.today().String(); got != "2026-11-23" {
		t.Errorf("today is %s", got)
	}
}

// What is missing of a digest is the device's time alone.
func TestDigest(t *testing.T) {
	digest := func(body string) string {
		sum, err := digestOf([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return string(sum)
	}
	first := digest(`{"a":1,"b":{"c":"<","d":[1,2]}}`)
	for _, same := range []string{`{ "b":{"d":[1,2],"c":"\u003c"}, "a":1 }`, `{"a":1,"device_time":"now","b":{"c":"<","d":[1,2]}}`} {
		if digest(same) != first {
			t.Errorf("%s differs", same)
		}
	}
	for _, other := range []string{`{"a":2,"b":{"c":"<","d":[1,2]}}`, `{"a":1,"b":{"c":"<","d":[2,1]}}`, `{"a":1}`, `{"a":9007199254740993,"b":{"c":"<","d":[1,2]}}`} {
		if digest(other) == first {
			t.Errorf("%s is the same", other)
		}
	}
	if digest(`{"a":9007199254740993}`) == digest(`{"a":9007199254740992}`) {
		t.Error("a number lost a digit")
	}
}

// The steps of a difference add up exactly, and an answer is worked out once.
func TestDifferenceAddsUp(t *testing.T) {
	d := newDesk(t)
	const target = "/api/v1/difference?region=520527&metric=M02&from_as_of=2020-04-01"
	first := len(d.store.asked)
	_, _, text := ask(t, d.Server, http.MethodGet, target, "", "")
	if n := len(d.store.asked) - first; n != 1 {
		t.Errorf("%d snapshots were read; the later one is the live world's", n)
	}
	type moved struct{ Numerator, Denominator, Unknown json.Number }
	var got struct {
		Before, After moved
		Steps         []moved
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil || len(got.Steps) != len(planner.Causes) {
		t.Fatalf("%v %s", err, text)
	}
	rat := func(n json.Number) *big.Rat {
		r, ok := new(big.Rat).SetString(n.String())
		if !ok {
			t.Fatalf("%q is no number", n)
		}
		return r
	}
	sum, want := rat(got.Before.Numerator), rat(got.After.Numerator)
	if sum.Cmp(want) == 0 {
		t.Error("nothing moved")
	}
	for _, step := range got.Steps {
		sum.Add(sum, rat(step.Numerator))
	}
	if sum.Cmp(want) != 0 {
		t.Errorf("the steps lead to %s, the report says %s", sum.FloatString(6), want.FloatString(6))
	}
	asked := len(d.store.asked)
	if _, _, again := ask(t, d.Server, http.MethodGet, target, "", ""); again != text || len(d.store.asked) != asked {
		t.Errorf("asked again: read %d snapshots", len(d.store.asked)-asked)
	}
}

// A caller's differences are worked out one at a time, and no more than a few
// wait; those of others go on.
func TestExplainerIsBounded(t *testing.T) {
	e := newExplainer()
	key := func(n int) explainKey { return explainKey{metric: fmt.Sprint(n)} }
	release, began := make(chan struct{}), make(chan struct{}, explainWaiting)
	slow := func(context.Context) (*planner.Difference, error) {
		began <- struct{}{}
		<-release
		return &planner.Difference{}, nil
	}
	var all sync.WaitGroup
	for n := range explainWaiting {
		all.Go(func() {
			if _, err := e.get(t.Context(), "one", key(n), slow); err != nil {
				t.Error(err)
			}
		})
	}
	until(t, "a full queue", func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return e.queues["one"] != nil && e.queues["one"].waiting == explainWaiting
	})
	<-began
	if len(began) != 0 {
		t.Error("two are worked out for one caller at a time")
	}
	if _, err := e.get(t.Context(), "one", key(99), slow); planner.CodeOf(err) != planner.Unavailable {
		t.Errorf("beyond the queue: %v", err)
	}
	quick := func(context.Context) (*planner.Difference, error) { return &planner.Difference{}, nil }
	if _, err := e.get(t.Context(), "two", key(100), quick); err != nil {
		t.Errorf("another caller: %v", err)
	}
	close(release)
	all.Wait()
	if len(e.queues) != 0 || len(e.slots) != 0 {
		t.Errorf("left behind: %v, %d", e.queues, len(e.slots))
	}
}

// A dry run stores nothing; the deed stores the operation with who and why.
func TestOperations(t *testing.T) {
	d := newDesk(t)
	ledger := d.works.ledger.(*fakeLedger)
	const body = `{"region":"520527","kind":"reverse","on":"2020-06-30","reason":"signs were turned"}`
	dry := d.send("editor", "/api/v1/roads/1/operation?dry_run=true", body, 200)
	if len(ledger.operations) != 0 || dry["revision"] != 0.0 {
		t.Errorf("a dry run stored %d operations: %v", len(ledger.operations), dry["revision"])
	}
	done := dry["completed"].(map[string]any)
	if sum := done["carried_m"].(float64) + done["retired_m"].(float64); done["before_m"] != sum || done["before_m"] == 0.0 {
		t.Errorf("completed: %v", done)
	}
	d.shows(d.send("editor", "/api/v1/roads/1/operation", body, 200))
	if len(ledger.operations) != 1 || ledger.operations[0].By != "editor" || ledger.operations[0].Reason != "signs were turned" {
		t.Errorf("stored: %+v", ledger.operations)
	}
	const split = `{"region":"520527","kind":"split","on":"2020-06-30","reason":"two townships","at_mm":20000000,"name":"东段"}`
	parts := func(answer map[string]any) (to []any) {
		for _, p := range answer["pieces"].([]any) {
			to = append(to, p.(map[string]any)["to_road"])
		}
		return to
	}
	if to := parts(d.send("editor", "/api/v1/roads/1/operation?dry_run=true", split, 200)); len(to) != 2 || to[1] != 0.0 {
		t.Errorf("before it is stored the pieces lie on %v", to)
	}
	stored := d.send("editor", "/api/v1/roads/1/operation", split, 200)
	if to, made := parts(stored), stored["new_roads"].([]any); len(to) != 2 || to[0] != 1.0 || len(made) != 1 || to[1] != made[0] {
		t.Errorf("the pieces lie on %v, the new route is %v", to, made)
	}
	d.shows(stored)
	const line = `{"region":"520527","line":[[104.6,27.1],[104.65,27.1]]}`
	d.send("editor", "/api/v1/roads/1/line", line, 409)
	d.shows(d.send("editor", "/api/v1/roads/2/line", line, 200))
	d.send("editor", "/api/v1/roads/2/line", line, 409)
	d.send("editor", "/api/v1/roads/77/line", line, 404)
}

// Inspections are drawn, held, found out about, and a result that stands is
// changed by those who edit alone.
func TestInspectionsOverHTTP(t *testing.T) {
	d := newDesk(t)
	const draw = `{"region":"520527","count":3,"length_m":200,"seed":7,"on":"2020-07-05"}`
	drawn := d.send("editor", "/api/v1/inspections/draw", draw, 200)
	d.shows(drawn)
	items := drawn["items"].([]any)
	if len(items) != 3 || items[0].(map[string]any)["result"] != nil || items[0].(map[string]any)["length_m"] != 200.0 {
		t.Fatalf("%v", drawn)
	}
	again := d.send("editor", "/api/v1/inspections/draw", draw, 200)
	if diff := cmp.Diff(drawn, again); diff != "" {
		t.Errorf("the same draw again is another:\n%s", diff)
	}
	if n := len(d.store.snapshot(ownCounty).Inspections); n != len(items) {
		t.Errorf("%d inspections are stored after the same draw of %d twice", n, len(items))
	}
	other := d.send("editor", "/api/v1/inspections/draw", strings.Replace(draw, `"seed":7`, `"seed":8`, 1), 200)
	if cmp.Diff(drawn, other) == "" {
		t.Error("another seed drew the same")
	}
	target := fmt.Sprintf("/api/v1/inspections/%v/result", items[0].(map[string]any)["id"])
	d.send("approver", target, `{"region":"520527","result":"pass","pqi":69.999}`, 422) // and not a word of it
	passed := d.send("approver", target, `{"region":"520527","result":"pass","pqi":91.525}`, 200)
	d.send("approver", target, `{"region":"520527","result":"fail","note":"again"}`, 409) // at once, before the map shows it
	d.shows(passed)
	d.send("approver", target, `{"region":"520527","result":"fail","note":"again"}`, 409)
	d.send("editor", target, `{"region":"520527","result":"fail","pqi":60.5}`, 422) // a change needs its reason
	d.shows(d.send("editor", target, `{"region":"520527","result":"fail","pqi":60.5,"note":"cracks"}`, 200))
	list := d.send("viewer", "/api/v1/inspections?region=520527&road=1", "", 200)["items"].([]any)
	at := slices.IndexFunc(list, func(x any) bool { return x.(map[string]any)["id"] == items[0].(map[string]any)["id"] })
	if got := list[at].(map[string]any); got["result"] != "fail" || got["pqi"] != 60.5 || got["note"] != "cracks" {
		t.Errorf("%v", got)
	}
	if none := d.send("viewer", "/api/v1/inspections?region=520527&road=2", "", 200)["items"].([]any); len(none) != 0 {
		t.Errorf("of another road: %v", none)
	}
}

// The list of routes, the curve and the plan speak of the same task as the
// report; what is held is counted on its road.
func TestRoadsAgreeWithTheReport(t *testing.T) {
	d := newDesk(t)
	d.shows(d.send("east", "/api/v1/progress", reportOf(1, ""), 201))
	list := d.send("viewer", "/api/v1/roads?region=520527&sort=-completed_m", "", 200)
	first := list["items"].([]any)[0].(map[string]any)
	if list["total"] != 2.0 || first["id"] != 1.0 || first["held"] != 1.0 || first["state"] != "doing" {
		t.Errorf("%v", list)
	}
	want := d.completed()
	if got := list["sums"].(map[string]any)["completed_m"].(float64) / 1000; got < want-1e-9 || got > want+1e-9 {
		t.Errorf("the list has %v km, the report %v", got, want)
	}
	curve := d.send("viewer", "/api/v1/curve?region=520527", "", 200)
	points := curve["points"].([]any)
	if got := points[len(points)-1].(map[string]any)["completed_m"].(float64) / 1000; got < want-1e-9 || got > want+1e-9 {
		t.Errorf("the curve ends at %v km, the report has %v", got, want)
	}
	const plan = `{"region":"520527","points":[{"on":"2020-03-01","share":12.5},{"on":"2020-12-31","share":100}]}`
	status, _, text := ask(t, d.Server, http.MethodPut, "/api/v1/programmes/5/plan", d.tokens["editor"], plan)
	var wrote map[string]any
	if err := json.Unmarshal([]byte(text), &wrote); err != nil || status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	d.shows(wrote)
	programmes := d.send("viewer", "/api/v1/programmes?region=520527", "", 200)["items"].([]any)
	if p := programmes[0].(map[string]any); p["plan"] != "points" || p["points"].([]any)[0].(map[string]any)["share"] != 12.5 {
		t.Errorf("%v", p)
	}
}

// What is not known of money is counted in things, in the report, its evidence
// and its CSV.
func TestUnknownMoneyIsCounted(t *testing.T) {
	county := smallCounty(ownCounty, 104.5)
	county.Funding = []planner.FundingItem{
		{ID: 1, Programme: 5, Source: "central", Item: "a", PlannedFen: ptr(int64(700_000_00)), PaidFen: ptr(int64(300_000_00))},
		{ID: 2, Programme: 5, Source: "county", Item: "b", PlannedFen: ptr(int64(100_000_00))},
	}
	store := newFake(county)
	store.guest = []string{ownCounty}
	s, _ := live(t, store)
	_, _, text := ask(t, s, http.MethodGet, "/api/v1/report/completion?region=520527&by=programme", "", "")
	var report struct {
		Programme struct {
			ID         int64
			Code, Name string
		}
		Rows []struct {
			Metric, Scope string
			Unknown       json.Number
		}
	}
	if err := json.Unmarshal([]byte(text), &report); err != nil {
		t.Fatal(err)
	}
	if p := report.Programme; p.ID != 5 || p.Code != "P2020" || p.Name != "通组路" {
		t.Errorf("the report names the programme %+v", p)
	}
	found := 0
	for _, row := range report.Rows {
		if !strings.HasPrefix(row.Metric, "M04 ") || row.Scope == "source:central" { // all of that is known
			continue
		}
		if found++; row.Unknown != "1" {
			t.Errorf("%s of %s: unknown %s, want 1", row.Metric, row.Scope, row.Unknown)
		}
		_, _, text := ask(t, s, http.MethodGet, "/api/v1/evidence?region=520527&metric=M04&scope="+row.Scope, "", "")
		if !strings.Contains(text, `"amount":1,"unit":"count"`) {
			t.Errorf("the evidence of M04 of %s: %s", row.Scope, text)
		}
	}
	if found == 0 {
		t.Errorf("there is no M04: %s", text)
	}
	_, _, other := ask(t, s, http.MethodGet, "/api/v1/report/coverage?region=520527", "", "")
	if !strings.Contains(other, `"programme":null`) {
		t.Errorf("a report of no programme: %.200s", other)
	}
}

// What an edit changed is asked for by instants alone; the day stays.
func TestDifferenceByInstants(t *testing.T) {
	d := newDesk(t)
	county := d.world.Load().counties[ownCounty]
	key := func(from, known, asOf string) (explainKey, error) {
		in := &differenceInput{Day: Day{Region: ownCounty, KnownAt: known}, Metric: "M02", FromKnownAt: from, FromAsOf: asOf}
		return differenceKey(d.world.Load(), county, in)
	}
	const early, late = "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"
	for _, c := range []struct{ from, known, asOf, wantAsOf, wantKnown string }{
		{"", "", "", "2020-06-23", "0001-01-01T00:00:00Z"}, {early, "", "", "2020-06-30", early}, {early, late, "", "2020-06-30", early},
		{early, late, "2020-05-01", "2020-05-01", early}, {"", late, "", "2020-06-23", late}, {late, late, "", "2020-06-30", late},
	} {
		got, err := key(c.from, c.known, c.asOf)
		if err != nil || got.from.query.AsOf.String() != c.wantAsOf || clock(got.from.query.KnownAt) != c.wantKnown {
			t.Errorf("%+v: %+v, %v", c, got.from.query, err)
		}
	}
	if _, err := key(late, early, ""); err == nil || !strings.Contains(fmt.Sprint(d.fail(err)), "parameter") {
		t.Errorf("the earlier report knows more: %v", err)
	}
}

// Choices that are said alike are told apart by where they lie.
func TestChoicesTellApart(t *testing.T) {
	choices := []choiceJSON{
		{3_900_000, 4_200_000, "K3+900", "K4+200", "K0+000 – K4+500"}, {3_900_000, 4_700_000, "K3+900", "K4+200", "K0+000 – K4+500"},
		{1, 2, "K3+900", "K4+200", "K4+000 – K4+800"},
	}
	tellApart(choices)
	if choices[0].Of != "K0+000 – K4+500 (3.900 – 4.200 km)" || choices[1].Of != "K0+000 – K4+500 (3.900 – 4.700 km)" || choices[2].Of != "K4+000 – K4+800" {
		t.Errorf("%+v", choices)
	}
}
