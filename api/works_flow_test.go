package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/planner"
)

// desk is a service with people at it: a reporter of the eastern township, an
// editor, an approver and a second editor of the county.
type desk struct {
	*testing.T
	*Server
	store  *fakeStore
	tokens map[string]string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	store := newFake(smallCounty(ownCounty, 104.5))
	store.guest = []string{ownCounty}
	d := &desk{T: t, store: store, tokens: map[string]string{}}
	for login, grant := range map[string][2]string{
		"east": {"reporter", ownCounty + "101"}, "west": {"reporter", ownCounty + "100"}, "editor": {"editor", ownCounty},
		"approver": {"approver", ownCounty}, "viewer": {"viewer", ownCounty},
	} {
		store.add(login, grant[0], grant[1])
		d.tokens[login] = store.session(login)
	}
	d.Server, _ = live(t, store)
	return d
}

// send posts a body as somebody and gives the members of the answer.
func (d *desk) send(who, target, body string, want int) map[string]any {
	d.Helper()
	method := http.MethodPost
	if body == "" {
		method = http.MethodGet
	}
	status, _, text := ask(d.T, d.Server, method, target, d.tokens[who], body)
	if status != want {
		d.Fatalf("%s to %s as %s: %d, want %d: %s", body, target, who, status, want, text)
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		d.Fatal(err)
	}
	return out
}

// completed is the county's completed length in km.
func (d *desk) completed() float64 {
	d.Helper()
	out := d.send("viewer", "/api/v1/report/completion?region=520527&by=none", "", 200)
	for _, row := range out["rows"].([]any) {
		if r := row.(map[string]any); strings.HasPrefix(r["metric"].(string), "C03 ") && r["scope"] == ownCounty {
			return r["numerator"].(float64)
		}
	}
	d.Fatal("there is no C03")
	return 0
}

// shows waits until the map is at a revision.
func (d *desk) shows(answer map[string]any) {
	d.Helper()
	revision := int64(answer["revision"].(float64))
	until(d.T, fmt.Sprintf("revision %d", revision), func() bool { return d.world.Load().revision >= revision })
}

func rulesOf(answer map[string]any) []string {
	var out []string
	for _, f := range answer["findings"].([]any) {
		out = append(out, f.(map[string]any)["rule"].(string))
	}
	return out
}

// reportID makes ids of reports.
func reportID(n int) string { return fmt.Sprintf("0193a6f0-0000-7000-8000-%012d", n) }

// reportOf is a report of the last metres of the small county's road, of which
// no base was ever reported.
func reportOf(n int, more string) string {
	r := smallCounty(ownCounty, 104.5).Roads[0]
	return fmt.Sprintf(`{"region":"520527","id":%q,"road":1,"from_mm":%d,"to_mm":%d,"stage":"surface","on":"2020-05-20"%s}`,
		reportID(n), r.Length-1_000_000, r.Length-100_000, more)
}

// A report is checked, sent, held, answered for, counted, revoked; its metres
// come into dispute and are decided by somebody without a claim.
func TestLedgerFromCheckToDecision(t *testing.T) {
	d := newDesk(t)
	before := d.completed()
	checked := d.send("east", "/api/v1/progress/check", reportOf(1, ""), 200)
	if checked["status"] != "held" || !slices.Contains(rulesOf(checked), "R04") || checked["length_m"] != 900.0 {
		t.Fatalf("checked: %v", checked)
	}
	held := d.send("east", "/api/v1/progress", reportOf(1, ""), 201)
	if held["status"] != "held" || !slices.Contains(rulesOf(held), "R04") {
		t.Fatalf("held: %v", held)
	}
	d.shows(held)
	if got := d.completed(); got != before {
		t.Errorf("what is held counts: %v, before %v", got, before)
	}
	list := d.send("editor", "/api/v1/submissions?region=520527&status=held&township=520527101", "", 200)
	if list["total"] != 1.0 || list["items"].([]any)[0].(map[string]any)["road"] != 1.0 {
		t.Errorf("the list of what needs attention: %v", list)
	}
	strip := d.send("viewer", "/api/v1/roads/1/strip?region=520527", "", 200)
	if n := len(strip["held"].([]any)); n != 1 {
		t.Errorf("the strip shows %d held reports", n)
	}
	if line := strip["road"].(map[string]any)["line"].([]any); len(line) != 3 || len(line[0].([]any)) != 2 {
		t.Errorf("the line of the road: %v", line)
	}
	undrawn := d.send("viewer", "/api/v1/roads/2/strip?region=520527", "", 200)["road"].(map[string]any)
	if undrawn["line"] != nil || undrawn["name_en"] != "Undrawn Road" {
		t.Errorf("a road that is not drawn: %v", undrawn)
	}
	found := d.send("viewer", "/api/v1/roads?region=520527&q=undrawn", "", 200)["items"].([]any)
	if len(found) != 1 || found[0].(map[string]any)["name_en"] != "Undrawn Road" {
		t.Errorf("a road by its English name: %v", found)
	}

	answer := "/api/v1/submissions/" + reportID(1) + "/answer"
	d.send("east", answer, `{"region":"520527","action":"refuse","answer":"no"}`, 403)
	d.send("editor", answer, `{"region":"520527","action":"apply","answer":""}`, 422)
	applied := d.send("editor", answer, `{"region":"520527","action":"apply","answer":"seen on site","overrides":[{"rule":"R04","reason":"base seen on site"},{"rule":"R05","reason":"two crews"}]}`, 200)
	if applied["status"] != "applied" {
		t.Fatalf("applied: %v", applied)
	}
	d.shows(applied)
	if got := d.completed(); got < before+0.8999 || got > before+0.9001 {
		t.Errorf("completed is %v after it was %v", got, before)
	}
	d.send("editor", answer, `{"region":"520527","action":"refuse","answer":"no"}`, 409)
	evidence := d.send("viewer", "/api/v1/evidence?region=520527&metric=C03", "", 200)
	if text, _ := json.Marshal(evidence); !strings.Contains(string(text), `"rule":"R04","reason":"base seen on site"`) && !strings.Contains(string(text), `"reason":"base seen on site","rule":"R04"`) {
		t.Errorf("the evidence does not say why R04 did not hold the report: %s", text)
	}

	d.decides(reportID(1))

	d.send("west", "/api/v1/progress/"+reportID(1)+"/revoke", `{"region":"520527","reason":"not mine"}`, 403)
	d.shows(d.send("east", "/api/v1/progress/"+reportID(1)+"/revoke", `{"region":"520527","reason":"the wrong road"}`, 200))
	if got := d.completed(); got != before {
		t.Errorf("completed is %v after the revocation, before it was %v", got, before)
	}
}

// decides opens a case on a report and has it decided.
func (d *desk) decides(report string) {
	d.Helper()
	r := smallCounty(ownCounty, 104.5).Roads[0]
	body := fmt.Sprintf(`{"region":"520527","road":1,"from_mm":%d,"to_mm":%d,"stage":"surface","reason":"two crews claim it","claims":[%q],"on":"2020-06-01"}`,
		r.Length-1_000_000, r.Length-500_000, report)
	counted := d.completed()
	d.send("viewer", "/api/v1/disputes", body, 403)
	opened := d.send("editor", "/api/v1/disputes", body, 200)
	d.shows(opened)
	if got := d.completed(); got < counted-0.5001 || got > counted-0.4999 {
		d.Errorf("disputed metres count: %v, before %v", got, counted)
	}
	list := d.send("viewer", "/api/v1/disputes?region=520527&open=true", "", 200)["items"].([]any)
	if len(list) != 1 || len(list[0].(map[string]any)["claims"].([]any)) != 1 {
		d.Fatalf("disputes: %v", list)
	}
	decide := fmt.Sprintf("/api/v1/disputes/%v/decide", opened["id"])
	decision := `{"region":"520527","outcome":"stands","decision":"measured again","on":"%s"%s}`
	d.send("editor", decide, fmt.Sprintf(decision, "2020-06-20", ""), 403)
	d.store.add("judge", "approver", ownCounty)
	d.tokens["judge"] = d.store.session("judge")
	d.send("judge", decide, fmt.Sprintf(decision, "2020-05-31", ""), 422)              // before it was opened
	d.send("judge", decide, fmt.Sprintf(decision, "2027-01-01", ""), 422)              // has not come
	d.send("judge", decide, fmt.Sprintf(decision, "2020-06-20", `,"awarded":77`), 422) // without being awarded
	d.send("judge", decide, fmt.Sprintf(decision, "2020-06-20", `,"version":9`), 409)  // of another version
	d.send("judge", decide, fmt.Sprintf(decision, "2020-06-20", `,"evidence":["`+someHash+`"]`), 422)
	d.shows(d.send("judge", decide, fmt.Sprintf(decision, "2020-06-20", ""), 200))
	d.send("judge", decide, fmt.Sprintf(decision, "2020-06-20", ""), 409)
	if got := d.completed(); got != counted {
		d.Errorf("the claim stands and %v is completed, before %v", got, counted)
	}
}

// Nobody decides a case that he opened, or in which he has a claim.
func TestFourEyes(t *testing.T) {
	d := newDesk(t)
	for login, claim := range map[string]bool{"opener": false, "claimant": true} {
		d.store.add(login, "approver", ownCounty)
		d.tokens[login] = d.store.session(login)
		c := d.store.edit(ownCounty, func(s *planner.Snapshot) {
			p, dispute := s.Progress[0], planner.Dispute{ID: 50, Road: 1, Version: 1, Span: s.Progress[0].Span, Stage: "surface", Opened: date("2020-06-01"), OpenedBy: login}
			p.ID, p.By = reportID(3), login
			if claim {
				dispute.OpenedBy, dispute.Claims = "somebody", []string{p.ID}
			}
			s.Progress, s.Disputes = append(slices.Clone(s.Progress), p), []planner.Dispute{dispute}
		})
		d.works.ledger.(*fakeLedger).changes <- c
		until(t, "the case", func() bool { return d.world.Load().revision >= c.Revision })
		out := d.send(login, "/api/v1/disputes/50/decide", `{"region":"520527","outcome":"void","decision":"mine","on":"2020-06-20"}`, 409)
		if !strings.Contains(out["detail"].(string), "somebody else") {
			t.Errorf("%s: %v", login, out)
		}
	}
}

// A report sent again is the same report: the same bytes come back, and nothing
// is counted twice. With another content it is refused.
func TestReportsSentAgain(t *testing.T) {
	d := newDesk(t)
	send := func(body string) (int, string) {
		status, _, text := ask(t, d.Server, http.MethodPost, "/api/v1/progress", d.tokens["east"], body)
		return status, text
	}
	first, was := send(reportOf(1, `,"device_time":"2026-11-22T08:00:00Z","note":"rain"`))
	for i, same := range []string{
		reportOf(1, `,"device_time":"2026-11-22T08:00:00Z","note":"rain"`), // as it was
		reportOf(1, `,"note":"rain","device_time":"2026-11-22T09:09:09Z"`), // in another order, by a later clock
		"  " + reportOf(1, ` , "note" : "rain"`),
	} {
		if status, text := send(same); status != 200 || text != was {
			t.Errorf("%d: %d %s, first %d %s", i, status, text, first, was)
		}
	}
	if first != 201 {
		t.Errorf("first: %d", first)
	}
	if status, text := send(reportOf(1, `,"note":"sun"`)); status != 409 {
		t.Errorf("another content: %d %s", status, text)
	}
	if _, total, _ := d.works.ledger.Submissions(t.Context(), planner.SubmissionQuery{County: ownCounty}); total != 1 {
		t.Errorf("%d are stored", total)
	}
}

// Who reports for one township is held elsewhere, and answers for no rule.
func TestReportersOfATownship(t *testing.T) {
	d := newDesk(t)
	if got := d.send("west", "/api/v1/progress", reportOf(1, ""), 201); !slices.Contains(rulesOf(got), "R17") {
		t.Errorf("another township: %v", got)
	}
	if got := d.send("editor", "/api/v1/progress", reportOf(2, ""), 201); slices.Contains(rulesOf(got), "R17") {
		t.Errorf("an editor of the county: %v", got)
	}
	const reason = `,"overrides":[{"rule":"R04","reason":"I say so"}]`
	d.send("east", "/api/v1/progress", reportOf(3, reason), 403)
	d.send("east", "/api/v1/submissions/"+reportID(1)+"/answer", `{"region":"520527","action":"withdraw","answer":"x"}`, 403)
	d.send("editor", "/api/v1/submissions/"+reportID(1)+"/answer", `{"region":"520527","action":"withdraw","answer":"his"}`, 403)
	d.send("west", "/api/v1/submissions/"+reportID(1)+"/answer", `{"region":"520527","action":"withdraw","answer":"mine"}`, 200)
	d.send("viewer", "/api/v1/progress", reportOf(4, ""), 403)
	d.send("nobody", "/api/v1/progress", reportOf(4, ""), 401)
}

// What is not clear is kept, said, and mended by its answer.
func TestUnclearReportsAreKept(t *testing.T) {
	d := newDesk(t)
	for i, c := range []struct{ body, rule string }{
		{`"road_text":"没有的路","from":"K0+000","to":"K1+000","stage":"base","on":"2020-05-05"`, "R15"},
		{`"road_text":"C101","from":"K0+000","to":"K900+000","stage":"base","on":"2020-05-05"`, "R11"},
		{`"road":1,"from":"K1+000","to":"K1+000","stage":"base","on":"2020-05-05"`, "R11"},
		{`"road":1,"from":"K1+000","to":"K2+000","stage":"painting","on":"2020-05-05"`, "R16"},
		{`"road":1,"from":"K1+000","to":"K2+000","stage":"base","on":"2020-02-31"`, "R13"},
		{`"road":1,"from":"K1+000","to":"K2+000","stage":"base","on":"201X年"`, "R13"},
		{`"road_text":"??路","from":"K1+000","to":"K2+000","stage":"base","on":"2020-05-05"`, "R14"},
		{`"road":1,"from":"K1+000","to":"K2+000","stage":"base","on":"2020-05-05","evidence":["` + someHash + `"]`, "R22"},
		{`"road":1,"from":"K1+000","to":"K2+000","stage":"base","on":"2026-11-23"`, "R08"},
	} {
		got := d.send("editor", "/api/v1/progress", fmt.Sprintf(`{"region":"520527","id":%q,%s}`, reportID(i), c.body), 201)
		if got["status"] != "held" || !slices.Contains(rulesOf(got), c.rule) {
			t.Errorf("%s: %v, want %s", c.body, got, c.rule)
		}
	}
	if list := d.send("editor", "/api/v1/submissions?region=520527&status=held&limit=2", "", 200); list["total"] != 9.0 || len(list["items"].([]any)) != 2 {
		t.Errorf("listed: %v", list["total"])
	}
	answer := `{"region":"520527","action":"apply","answer":"a slip","overrides":[{"rule":"R01","reason":"x"},{"rule":"R04","reason":"x"},{"rule":"R20","reason":"x"}],"changes":%s}`
	target := "/api/v1/submissions/" + reportID(4) + "/answer"
	d.send("editor", target, fmt.Sprintf(answer, `{"id":"x"}`), 422)
	d.send("editor", target, fmt.Sprintf(answer, `{"on":17}`), 422)
	d.send("editor", target, fmt.Sprintf(answer, `{"colour":"red"}`), 422)
	d.send("editor", target, fmt.Sprintf(answer, `{"text":"K1+000-K1+500","from_mm":1,"to_mm":2}`), 422)
	if got := d.send("editor", target, fmt.Sprintf(answer, `{"on":"2020-02-28","text":"K1+000-K1+500"}`), 200); got["status"] != "applied" {
		t.Errorf("mended: %v", got)
	}
}

// A sheet is shown as it would be entered, entered, and entered again without
// being counted twice; its head is remembered.
func TestSheets(t *testing.T) {
	d := newDesk(t)
	const sheet = "路线编码,起点桩号,止点桩号,进度,日期\nC101,K18+000,K18+500,路基,2020-05-05\nC101,K18+000,K18+400,底基层,2020-05-06\n合计,,,,\n"
	status, _, text := ask(t, d.Server, http.MethodPost, "/api/v1/sheets?region=520527&township=520527101&name=a.csv", d.tokens["east"], sheet, "Content-Type", "text/csv")
	var shown struct {
		Sheet   string
		HeadRow int `json:"head_row"`
		Heads   []struct {
			Column int
			Field  string
		}
		Rows []struct {
			Row   int
			Skip  string
			Check *struct{ Status string }
		}
		Total, Ready, Held int
	}
	if err := json.Unmarshal([]byte(text), &shown); err != nil || status != 200 || shown.Total != 2 || shown.HeadRow != 1 || len(shown.Rows) != 3 || shown.Rows[2].Skip != "total" {
		t.Fatalf("%d %v %s", status, err, text)
	}
	if _, total, _ := d.works.ledger.Submissions(t.Context(), planner.SubmissionQuery{County: ownCounty}); total != 0 {
		t.Error("a preview entered reports")
	}
	for name, body := range map[string]string{"a.csv": "PK\x03\x04 a workbook", "a.xlsx": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old one"} {
		target := "/api/v1/sheets?region=520527&township=520527101&name=" + name
		status, _, text := ask(t, d.Server, http.MethodPost, target, d.tokens["east"], body, "Content-Type", "text/csv")
		if status != 422 || !strings.Contains(text, "workbook") || !strings.Contains(text, `"location":"query.name"`) {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	columns := map[string]int{}
	for _, h := range shown.Heads {
		if h.Field != "" {
			columns[h.Field] = h.Column
		}
	}
	body, _ := json.Marshal(map[string]any{"region": ownCounty, "township": "520527101", "head_row": 1, "columns": columns, "remember": true})
	target := "/api/v1/sheets/" + shown.Sheet + "/apply"
	d.send("west", target, string(body), 403)
	first := d.send("east", target, string(body), 200)
	if n := first["applied"].(float64) + first["held"].(float64); n != 2 || first["repeated"] != 0.0 {
		t.Errorf("first: %v", first)
	}
	if int(first["applied"].(float64)) != shown.Ready {
		t.Errorf("%d were ready, %v were applied", shown.Ready, first["applied"])
	}
	if again := d.send("east", target, string(body), 200); again["repeated"] != 2.0 || again["applied"] != 0.0 {
		t.Errorf("again: %v", again)
	}
	if heads := d.works.ledger.(*fakeLedger).heads; len(heads) == 0 || heads[0].Township != "520527101" {
		t.Errorf("remembered: %+v", heads)
	}
	d.send("east", target, strings.Replace(string(body), `"head_row":1`, `"head_row":99`, 1), 422)
	d.send("east", target, strings.Replace(string(body), `"columns":{`, `"columns":{"colour":1,`, 1), 422)
}

// A row that is held is checked again as it stood in its sheet: of the sheet's
// township, and with a length that nobody gave a place.
func TestHeldRowsStayOfTheirSheet(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct{ sheet, rule, dropped string }{
		"another township": {"路线编码,乡镇,起点桩号,止点桩号,进度,日期\nC101,520527100,K0+000,K0+500,路基,2020-05-05\n", "R17", "sheet_township"},
		"no place":         {"路线编码,起点桩号,止点桩号,面层完成,日期\nC101,K18+000,K19+000,0.4,2020-05-05\n", "R24", "length_assumed"},
	} {
		_, _, text := ask(t, d.Server, http.MethodPost, "/api/v1/sheets?region=520527&township=520527101&name=a.csv", d.tokens["east"], c.sheet, "Content-Type", "text/csv")
		var shown struct {
			Rows []struct {
				Entry map[string]any
				Check struct{ Findings []Finding }
			}
		}
		if err := json.Unmarshal([]byte(text), &shown); err != nil || len(shown.Rows) != 1 {
			t.Fatalf("%s: %v %s", name, err, text)
		}
		first := rulesIn(shown.Rows[0].Check.Findings)
		body, _ := json.Marshal(shown.Rows[0].Entry)
		again := rulesOf(d.send("editor", "/api/v1/progress/check", string(body), 200))
		if !slices.Contains(first, c.rule) || !slices.Contains(again, c.rule) {
			t.Errorf("%s: shown with %v, checked again with %v, want %s; %s", name, first, again, c.rule, body)
		}
		delete(shown.Rows[0].Entry, c.dropped)
		body, _ = json.Marshal(shown.Rows[0].Entry)
		if without := rulesOf(d.send("editor", "/api/v1/progress/check", string(body), 200)); slices.Contains(without, c.rule) {
			t.Errorf("%s: %s is not what %s is found by: %s", name, c.dropped, c.rule, body)
		}
	}
}

func rulesIn(findings []Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Rule)
	}
	return out
}

// A sheet of more reports than are looked at in a request is turned away whole.
func TestLongSheetsAreTurnedAway(t *testing.T) {
	d := newDesk(t)
	sheet := "路线编码,起点桩号,止点桩号,进度,日期\n" + strings.Repeat("C101,K18+000,K18+500,路基,2020-05-05\n", maxSheetRows+1)
	status, _, text := ask(t, d.Server, http.MethodPost, "/api/v1/sheets?region=520527&township=520527101&name=a.csv", d.tokens["east"], sheet, "Content-Type", "text/csv")
	if status != http.StatusRequestEntityTooLarge || !strings.Contains(text, fmt.Sprintf("%d reports and other rows; at most %d", maxSheetRows+1, maxSheetRows)) {
		t.Errorf("%d %s", status, text)
	}
}
