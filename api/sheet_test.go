package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qiantu/qiantu/planner"
)

// shownSheet is what is asserted of a sheet that is shown.
type shownSheet struct {
	Sheet   string
	HeadRow int `json:"head_row"`
	Heads   []struct {
		Column int
		Field  string
	}
	Fields []string
	Rows   []struct {
		Row   int
		Skip  string
		Entry *struct{ Stage, On, Reporter string }
		Check *struct {
			Status   string
			Findings []Finding
		}
	}
	Sums               []Finding
	Total, Ready, Held int
}

// checkSheetAs asks how a sheet would be entered and keeps the text too.
func (d *desk) checkSheetAs(who, hash, body string) (shownSheet, string) {
	d.Helper()
	status, _, text := ask(d.T, d.Server, http.MethodPost, "/api/v1/sheets/"+hash+"/check", d.tokens[who], body, "Content-Type", "application/json")
	var shown shownSheet
	if err := json.Unmarshal([]byte(text), &shown); err != nil || status != 200 {
		d.Fatalf("%s: %d %v %s", body, status, err, text)
	}
	return shown, text
}

// A sheet that is matched by hand is shown as it would be entered so, and
// nothing is stored of it; matched as the service does it, it is shown the same.
func TestSheetsMatchedByHand(t *testing.T) {
	d := newDesk(t)
	const sheet = "路线编码,起点桩号,止点桩号,进展,日期\nC101,K18+000,K18+500,路基,2020-05-05\nC101,K18+000,K18+400,底基层,\n合计,,,,\n"
	_, _, first := ask(t, d.Server, http.MethodPost, "/api/v1/sheets?region=520527&township=520527101&name=a.csv", d.tokens["east"], sheet, "Content-Type", "text/csv")
	var read shownSheet
	if err := json.Unmarshal([]byte(first), &read); err != nil {
		t.Fatal(err, first)
	}
	own := map[string]int{}
	for _, h := range read.Heads {
		if h.Field != "" {
			own[h.Field] = h.Column
		}
	}
	body := func(columns map[string]int, more string) string {
		text, _ := json.Marshal(columns)
		return fmt.Sprintf(`{"region":"520527","township":"520527101","head_row":1,"columns":%s%s}`, text, more)
	}
	if _, same := d.checkSheetAs("east", read.Sheet, body(own, "")); differ(t, first, same) != "" {
		t.Errorf("read and checked by the same columns: %s", differ(t, first, same))
	}
	blind := map[string]int{"code": 1, "from": 2, "to": 3, "on": 5}
	rules := func(shown shownSheet, row int) []string { return rulesIn(shown.Rows[row].Check.Findings) }
	none, _ := d.checkSheetAs("east", read.Sheet, body(blind, ""))
	if !slices.Contains(rules(none, 0), "R16") || !slices.Contains(rules(none, 1), "R13") || none.Ready != 0 || none.Held != 2 {
		t.Errorf("without a stage: %+v", none)
	}
	filled, _ := d.checkSheetAs("east", read.Sheet, body(blind, `,"stage":"clearing","on":"2020-05-07"`))
	if e := filled.Rows[1].Entry; e.Stage != "clearing" || e.On != "2020-05-07" || filled.Rows[0].Entry.On != "2020-05-05" || filled.Ready != 2 {
		t.Errorf("filled from the defaults: %+v", filled)
	}
	matched := map[string]int{"code": 1, "from": 2, "to": 3, "stage": 4, "on": 5}
	shown, _ := d.checkSheetAs("east", read.Sheet, body(matched, `,"on":"2020-05-07"`))
	if slices.Contains(rules(shown, 0), "R16") || shown.Heads[3].Field != "stage" || shown.Total != 2 || len(shown.Rows) != 3 {
		t.Errorf("matched: %+v", shown)
	}
	if _, total, _ := d.works.ledger.Submissions(t.Context(), planner.SubmissionQuery{County: ownCounty}); total != 0 || len(d.works.ledger.(*fakeLedger).heads) != 0 {
		t.Errorf("a check stored %d reports or a head", total)
	}
	applied := d.send("east", "/api/v1/sheets/"+read.Sheet+"/apply", body(matched, `,"on":"2020-05-07"`), 200)
	if applied["applied"] != float64(shown.Ready) || applied["held"] != float64(shown.Held) {
		t.Errorf("shown %d ready and %d held, applied %v", shown.Ready, shown.Held, applied)
	}
	for i, item := range applied["items"].([]any) {
		if got, want := rulesOf(item.(map[string]any)), rules(shown, i); !slices.Equal(got, want) {
			t.Errorf("row %d was entered with %v and shown with %v", i, got, want)
		}
	}
}

// What cannot be matched so is refused, and named.
func TestWrongMatchesAreRefused(t *testing.T) {
	d := newDesk(t)
	const sheet = "路线编码,起点桩号,止点桩号,进度,日期\nC101,K18+000,K18+500,路基,2020-05-05\n"
	_, _, text := ask(t, d.Server, http.MethodPost, "/api/v1/sheets?region=520527&township=520527101&name=a.csv", d.tokens["east"], sheet, "Content-Type", "text/csv")
	var read shownSheet
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		t.Fatal(err, text)
	}
	target := "/api/v1/sheets/" + read.Sheet + "/check"
	for name, c := range map[string]struct {
		who, members string
		status       int
	}{
		"another township":   {"west", `"head_row":1,"columns":{"code":1}`, 403},
		"a row too far":      {"east", `"head_row":99,"columns":{"code":1}`, 422},
		"no row":             {"east", `"head_row":0,"columns":{"code":1}`, 422},
		"no such field":      {"east", `"head_row":1,"columns":{"colour":1}`, 422},
		"no such column":     {"east", `"head_row":1,"columns":{"code":6}`, 422},
		"a column twice":     {"east", `"head_row":1,"columns":{"code":1,"name":1}`, 422},
		"no columns":         {"east", `"head_row":1`, 422},
		"something to store": {"east", `"head_row":1,"columns":{"code":1},"remember":true`, 422},
	} {
		body := `{"region":"520527","township":"520527101",` + c.members + `}`
		if status, _, text := ask(t, d.Server, http.MethodPost, target, d.tokens[c.who], body, "Content-Type", "application/json"); status != c.status {
			t.Errorf("%s: %d %s, want %d", name, status, text, c.status)
		}
	}
}

// differ is how two JSON texts differ in what they say.
func differ(t *testing.T, a, b string) string {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal([]byte(a), &x), json.Unmarshal([]byte(b), &y)); err != nil {
		t.Fatal(err)
	}
	return cmp.Diff(x, y)
}
