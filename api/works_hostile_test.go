package api

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// Every body of the ledger is read strictly: what is not its shape is refused
// with a problem, and nothing is stored.
func TestHostileBodies(t *testing.T) {
	d := newDesk(t)
	for name, door := range worksDoors {
		method, target, _ := strings.Cut(name, " ")
		if door.body == "" || door.kind != "" {
			continue
		}
		if door.target != "" {
			target = fill(door.target, ownCounty)
		}
		who := "editor"
		if door.needs == "decide" {
			who = "approver"
		}
		body := fill(door.body, ownCounty)
		open := strings.TrimSuffix(body, "}")
		for what, c := range map[string]struct {
			body, kind string
			statuses   []int
		}{
			"an unknown member":  {open + `,"role":"admin"}`, "", []int{422}},
			"another case":       {open + `,"REGION":"520304"}`, "", []int{400, 422}},
			"a member twice":     {open + `,"region":"520304"}`, "", []int{400}},
			"something behind":   {body + body, "", []int{400}},
			"a mark before":      {"\ufeff" + body, "", []int{400}},
			"cut":                {open, "", []int{400}},
			"an array":           {"[" + body + "]", "", []int{422}},
			"null":               {"null", "", []int{400, 422}},
			"nothing":            {"", "", []int{400, 415}},
			"NUL":                {strings.Replace(body, ownCounty, ownCounty+`\u0000`, 1), "", []int{400}},
			"no UTF-8":           {strings.Replace(body, ownCounty, "\xff", 1), "", []int{400}},
			"deep":               {open + `,"note":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}", "", []int{400}},
			"a number as region": {strings.Replace(body, `"`+ownCounty+`"`, ownCounty, 1), "", []int{422}},
			"infinite":           {open + `,"from_mm":1e400}`, "", []int{400, 422}},
			"a form":             {body, "application/x-www-form-urlencoded", []int{415}},
			"plain text":         {body, "text/plain", []int{415}},
			"xml":                {"<a/>", "application/xml", []int{400, 415}},
			"no region":          {strings.Replace(body, ownCounty, "999999", 1), "", []int{404}},
			"too large":          {open + `,"note":"` + strings.Repeat("x", 2<<20) + `"}`, "", []int{413}},
		} {
			kind := c.kind
			if kind == "" {
				kind = "application/json"
			}
			status, header, text := ask(t, d.Server, method, target, d.tokens[who], c.body, "Content-Type", kind)
			fits := false
			for _, s := range c.statuses {
				fits = fits || s == status
			}
			if strings.Contains(what, "too large") && strings.Contains(target, "/sheets/") {
				fits = status == 413 || status == 422 // a sheet may be larger
			}
			if !fits {
				t.Errorf("%s, %s: %d, want %v: %.300s", name, what, status, c.statuses, text)
			}
			if status < 500 && status >= 400 {
				problemIn(t, header, text)
			}
		}
	}
	if _, total, _ := d.works.ledger.Submissions(t.Context(), planner.SubmissionQuery{County: ownCounty}); total != 0 {
		t.Errorf("%d were stored", total)
	}
}

// A wrong member is named.
func TestRefusedMembersAreNamed(t *testing.T) {
	d := newDesk(t)
	long := strings.Repeat("长", 3000)
	for _, c := range []struct{ who, target, body, location string }{
		{"editor", "/api/v1/progress", reportOf(1, `,"choice":-1`), "body.choice"},
		{"editor", "/api/v1/progress", reportOf(1, `,"choice":1.5`), "body.choice"},
		{"editor", "/api/v1/progress", reportOf(1, `,"programme":9223372036854775808`), "body.programme"},
		{"editor", "/api/v1/progress", reportOf(1, `,"note":"`+long+`"`), "body.note"},
		{"editor", "/api/v1/progress", reportOf(1, `,"note":"a\u202eb"`), "body.note"},
		{"editor", "/api/v1/progress", reportOf(1, `,"reporter":"a\u0007b"`), "body.reporter"},
		{"editor", "/api/v1/progress", reportOf(1, `,"entered":"import"`), "body.entered"},
		{"editor", "/api/v1/progress", reportOf(1, `,"device_time":"yesterday"`), "body.device_time"},
		{"editor", "/api/v1/progress", reportOf(1, `,"overrides":[{"rule":"R04"}]`), "body.overrides[0]"},
		{"editor", "/api/v1/progress", reportOf(1, `,"overrides":[{"rule":"R04","reason":" "}]`), "body.overrides[0].reason"},
		{"editor", "/api/v1/progress", reportOf(1, `,"evidence":["`+strings.Repeat("a", 65)+`"]`), "body.evidence[0]"},
		{"editor", "/api/v1/progress", `{"region":"520527","stage":"base","on":"2020-05-05"}`, "body.id"},
		{"editor", "/api/v1/progress", `{"region":"520527","id":"1","stage":"base","on":"2020-05-05"}`, "body.id"},
		{"editor", "/api/v1/progress", `{"region":"520527","id":"` + someUUID + `","on":"2020-05-05"}`, "body"},
		{"editor", "/api/v1/progress", `{"region":"520527","id":"` + someUUID + `","from_mm":1,"stage":"base","on":"2020-05-05"}`, "body.to_mm"},
		{"editor", "/api/v1/progress", `{"region":"520527","id":"` + someUUID + `","road":1,"text":"K1+500-K2+000","from":"K1+000","to":"K1+010","stage":"base","on":"2020-05-05"}`, "body.text"},
		{"editor", "/api/v1/progress/check", `{"region":"520527","road":1,"text":"K1+500-K2+000","to":"K1+010","stage":"base","on":"2020-05-05"}`, "body.text"},
		{"editor", "/api/v1/progress", `{"region":"520527","id":"` + someUUID + `","road":1,"text":"K1+500-K2+000","from_mm":1,"to_mm":2,"stage":"base","on":"2020-05-05"}`, "body.from_mm"},
		{"editor", "/api/v1/progress", `{"region":"520527","id":"` + someUUID + `","road":1,"from":"K1+500","to":"K2+000","from_mm":1,"to_mm":2,"stage":"base","on":"2020-05-05"}`, "body.from_mm"},
		{"editor", "/api/v1/disputes", `{"region":"520527","road":7,"from_mm":0,"to_mm":1,"stage":"surface","reason":"x","on":"2020-05-05"}`, "body.road"},
		{"editor", "/api/v1/disputes", `{"region":"520527","road":1,"from_mm":5,"to_mm":5,"stage":"surface","reason":"x","on":"2020-05-05"}`, "body.to_mm"},
		{"editor", "/api/v1/disputes", `{"region":"520527","road":1,"from_mm":0,"to_mm":9999999999,"stage":"surface","reason":"x","on":"2020-05-05"}`, "body.to_mm"},
		{"editor", "/api/v1/disputes", `{"region":"520527","road":1,"from_mm":0,"to_mm":1,"stage":"painting","reason":"x","on":"2020-05-05"}`, "body.stage"},
		{"editor", "/api/v1/disputes", `{"region":"520527","road":1,"from_mm":0,"to_mm":1,"stage":"surface","reason":" ","on":"2020-05-05"}`, "body.reason"},
		{"editor", "/api/v1/disputes", `{"region":"520527","road":1,"from_mm":0,"to_mm":1,"stage":"surface","reason":"x","on":"2026-11-23"}`, "body.on"},
		{"editor", "/api/v1/disputes", `{"region":"520527","road":1,"from_mm":0,"to_mm":1,"stage":"surface","reason":"x","on":"2020-05-05","claims":["` + someUUID + `"]}`, "body.claims[0]"},
		{"editor", "/api/v1/inspections", `{"region":"520527","kind":"planned","road":1,"from_mm":0,"to_mm":1,"on":"2020-05-05","result":"pass","pqi":100.5}`, "body.pqi"},
		{"editor", "/api/v1/inspections", `{"region":"520527","kind":"planned","road":1,"from_mm":0,"to_mm":1,"on":"2020-05-05","result":"pass","pqi":90.00001}`, "body.pqi"},
		{"editor", "/api/v1/inspections", `{"region":"520527","kind":"planned","road":1,"from_mm":0,"to_mm":1,"on":"2027-05-05","result":"pass"}`, "body.on"},
		{"editor", "/api/v1/inspections", `{"region":"520527","kind":"planned","road":1,"from_mm":0,"to_mm":1,"on":"2020-05-05","result":"pass","evidence":["x"]}`, "body.evidence[0]"},
		{"editor", "/api/v1/inspections", `{"region":"520527","kind":"planned","road":1,"from_mm":0,"to_mm":1,"on":"2020-05-05","result":"pass","evidence":"x"}`, "body.evidence[0]"},
		{"editor", "/api/v1/inspections/draw", `{"region":"520527","count":1,"length_m":9999,"seed":1,"on":"2020-06-05","programme":77}`, "body.programme"},
		{"editor", "/api/v1/inspections/draw", `{"region":"520527","count":100000,"length_m":10,"seed":1,"on":"2020-06-05"}`, "body.count"},
		{"editor", "/api/v1/roads/1/operation", `{"region":"520527","kind":"realign","on":"2020-06-05","reason":"x","line":[[104.5,27.1],[104.6]]}`, "body.line"},
		{"editor", "/api/v1/roads/1/operation", `{"region":"520527","kind":"realign","on":"2020-06-05","reason":"x","line":[[104.5,27.1],[104.6,91]]}`, "body.line"},
		{"editor", "/api/v1/roads/1/operation", `{"region":"520527","kind":"realign","on":"2020-06-05","reason":"x","line":[[104.5,27.1],[116.4,39.9]]}`, "body.line"},
		{"editor", "/api/v1/roads/1/operation?dry_run=true", `{"region":"520527","kind":"realign","on":"2020-06-05","reason":"x","line":[[27.1,104.5],[27.1,89]]}`, "body.line"},
		{"editor", "/api/v1/roads/1/operation", `{"region":"520527","kind":"reverse","on":"2026-11-23","reason":"x"}`, "body.on"},
		{"editor", "/api/v1/roads/2/line", `{"region":"520527","line":[[104.6,27.1],[104.6,26.7]]}`, "body.line"},
		{"editor", "/api/v1/roads/1/operation", `{"region":"520527","kind":"merge","on":"2020-06-05","reason":"x","other":77}`, "body.other"},
		{"editor", "/api/v1/roads/1/operation", `{"region":"520527","kind":"explode","on":"2020-06-05","reason":"x"}`, "body.kind"},
	} {
		status, header, text := ask(t, d.Server, http.MethodPost, c.target, d.tokens[c.who], c.body)
		if status != 422 || !strings.Contains(text, `"location":"`+c.location+`"`) {
			t.Errorf("%s %.120s: %d %.300s, want %s", c.target, c.body, status, text, c.location)
		}
		problemIn(t, header, text)
	}
	plan := `{"region":"520527","points":[{"on":"2020-03-01","share":50},{"on":"%s","share":%s}]}`
	for _, bad := range []string{fmt.Sprintf(plan, "2020-03-01", "60"), fmt.Sprintf(plan, "2020-04-01", "40"), fmt.Sprintf(plan, "2020-04-01", "100.1"), fmt.Sprintf(plan, "2020-04-31", "60"), fmt.Sprintf(plan, "2020-04-01", "60.00001"),
		fmt.Sprintf(plan, "2021-01-01", "60"), fmt.Sprintf(plan, "2019-12-31", "60"), fmt.Sprintf(plan, "2020-12-31", "60")} {
		if status, _, text := ask(t, d.Server, http.MethodPut, "/api/v1/programmes/5/plan", d.tokens["editor"], bad); status != 422 || !strings.Contains(text, "body.points[1]") {
			t.Errorf("%s: %d %s", bad, status, text)
		}
	}
}

// Ids and parameters that are none are not there, or named.
func TestHostileAddresses(t *testing.T) {
	d := newDesk(t)
	for _, id := range []string{"-1", "0", "01", "1e3", "9223372036854775808", "%00", "{id}", "1%3BDROP", "٣", strings.Repeat("1", 29)} {
		for _, path := range []string{"/api/v1/roads/%s/strip?region=520527", "/api/v1/attachments/%s?region=520527"} {
			target := fmt.Sprintf(path, url.PathEscape(strings.ReplaceAll(id, "%00", "\x00")))
			status, header, text := ask(t, d.Server, http.MethodGet, target, d.tokens["editor"], "")
			if status != 404 {
				t.Errorf("%s: %d %s", target, status, text)
			}
			problemIn(t, header, text)
		}
	}
	for target, location := range map[string]string{
		"/api/v1/roads?region=520527&sort=name%3B--":                        "query.sort",
		"/api/v1/roads?region=520527&limit=-1":                              "query.limit",
		"/api/v1/roads?region=520527&offset=1000000000000000000":            "query.offset",
		"/api/v1/roads?region=520527&state=x":                               "query.state",
		"/api/v1/roads?region=520527&drawn=perhaps":                         "query.drawn",
		"/api/v1/roads?region=520527&programme=77":                          "query.programme",
		"/api/v1/roads?region=520527&fields=name":                           "query.fields",
		"/api/v1/submissions?region=520527&status=dropped":                  "query.status",
		"/api/v1/difference?region=520527&metric=M02&from_as_of=2020-02-30": "query.from_as_of",
		"/api/v1/difference?region=520527&metric=M02&from_as_of=2021-01-01": "query.from_as_of",
		"/api/v1/difference?region=520527&metric=M02&from_known_at=now":     "query.from_known_at",
		"/api/v1/difference?region=520527":                                  "query.metric",
		"/api/v1/curve?region=520527&programme=x":                           "query.programme",
	} {
		status, header, text := ask(t, d.Server, http.MethodGet, target, d.tokens["editor"], "")
		if status != 422 || !strings.Contains(text, `"location":"`+location+`"`) {
			t.Errorf("%s: %d %s", target, status, text)
		}
		problemIn(t, header, text)
	}
}

// What is text stays text.
func TestTextStaysText(t *testing.T) {
	d := newDesk(t)
	note := `<img src=x onerror=alert(1)>=HYPERLINK(\"javascript:x\")`
	d.shows(d.send("east", "/api/v1/progress", reportOf(1, `,"note":"`+note+`"`), 201))
	got := d.send("editor", "/api/v1/submissions?region=520527", "", 200)
	body := got["items"].([]any)[0].(map[string]any)["body"].(map[string]any)
	if body["note"] != strings.ReplaceAll(note, `\"`, `"`) {
		t.Errorf("%v", body["note"])
	}
}

// A service without a ledger reads, and says that nothing can be entered.
func TestReadsOnly(t *testing.T) {
	store := newFake(smallCounty(ownCounty, 104.5))
	store.add("editor", "editor", ownCounty)
	store.add("judge", "approver", ownCounty)
	tokens := map[string]string{"editor": store.session("editor"), "judge": store.session("judge")}
	s := New(Config{Store: store, Log: quiet(), Now: func() time.Time { return day }})
	runOn(t, s)
	for name, door := range worksDoors {
		method, target, _ := strings.Cut(name, " ")
		if door.target != "" {
			target = fill(door.target, ownCounty)
		}
		who, kind := "editor", door.kind
		if door.needs == "decide" {
			who = "judge"
		}
		if kind == "" {
			kind = "application/json"
		}
		status, header, text := ask(t, s, method, target, tokens[who], fill(door.body, ownCounty), "Content-Type", kind)
		if method == http.MethodGet && status == 200 || strings.HasSuffix(name, "/check") && status == 200 || strings.HasSuffix(name, "/locate") && status == 200 {
			continue
		}
		if status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s", name, status, text)
			continue
		}
		problemIn(t, header, text)
	}
}

// An upload that stops in the middle, or says a wrong length, leaves nothing.
func TestBrokenUploads(t *testing.T) {
	d := newDesk(t)
	for name, body := range map[string]io.Reader{
		"aborted": io.MultiReader(bytes.NewReader(photo(t, nil)[:100]), failing{}),
		"endless": io.LimitReader(endless{}, maxAttachment+1000),
		"empty":   strings.NewReader(""),
	} {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/attachments?region=520527", body)
		r.Host, r.ContentLength = "127.0.0.1", -1
		r.Header.Set("Content-Type", mediaJPEG)
		r.AddCookie(&http.Cookie{Name: cookieName, Value: d.tokens["east"]})
		w := httptest.NewRecorder()
		d.Handler().ServeHTTP(w, r)
		want := http.StatusBadRequest
		if name == "endless" {
			want = http.StatusRequestEntityTooLarge
		}
		if said := fmt.Sprintf(`"status":%d`, want); w.Code != want || !strings.Contains(w.Body.String(), said) {
			t.Errorf("%s: %d %s, want %d", name, w.Code, w.Body, want)
		}
		problemIn(t, w.Header(), w.Body.String())
	}
	if n := len(d.works.ledger.(*fakeLedger).files); n != 0 {
		t.Errorf("%d files were kept", n)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// Nothing is read of a file from somebody who may not send it, and only so many
// come in at a time.
func TestUploadsAreAdmittedFirst(t *testing.T) {
	d := newDesk(t)
	for who, want := range map[string]int{"": 401, "viewer": 403} {
		body := &counted{r: io.LimitReader(endless{}, maxAttachment)}
		r := httptest.NewRequest(http.MethodPost, "/api/v1/attachments?region=520527", body)
		r.Host, r.ContentLength = "127.0.0.1", -1
		r.Header.Set("Content-Type", mediaJPEG)
		if who != "" {
			r.AddCookie(&http.Cookie{Name: cookieName, Value: d.tokens[who]})
		}
		w := httptest.NewRecorder()
		d.Handler().ServeHTTP(w, r)
		if w.Code != want || body.n != 0 {
			t.Errorf("%q: %d, %d bytes were read", who, w.Code, body.n)
		}
		problemIn(t, w.Header(), w.Body.String())
	}
	for range uploadsAtOnce {
		d.works.uploads <- struct{}{}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.attach([]byte(someGPX), mediaGPX, http.StatusCreated)
	}()
	select {
	case <-done:
		t.Error("one more came in than there are places")
	case <-time.After(50 * time.Millisecond):
	}
	<-d.works.uploads
	<-done
}

// counted counts what is read of it.
type counted struct {
	r io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}
