package api

import (
	archive "archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// wallAsked gives a wall as somebody sees it.
func wallAsked(t testing.TB, s *Server, token, query string) wallJSON {
	t.Helper()
	status, _, body := ask(t, s, http.MethodGet, "/api/v1/wall?region="+ownCounty+query, token, "")
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, status, body)
	}
	var shape struct {
		Figures []struct {
			Name string
			Row  *struct {
				Metric string
				Value  *float64
			}
			Change *float64
		}
		wallPlain
	}
	if err := json.Unmarshal([]byte(body), &shape); err != nil {
		t.Fatal(err)
	}
	out := wallJSON{Revision: shape.Revision, AsOf: shape.AsOf, Pinned: shape.Pinned, Moment: shape.Moment, KnownAt: shape.KnownAt, Change: shape.Change, DaysLeft: shape.DaysLeft, Holder: shape.Holder}
	for _, f := range shape.Figures {
		one := wallFigureJSON{Name: f.Name, Change: f.Change}
		if f.Row != nil {
			one.Row = &rowJSON{Metric: f.Row.Metric, Value: f.Row.Value}
		}
		out.Figures = append(out.Figures, one)
	}
	return out
}

// wallPlain is what of a wall reads back as it was written.
type wallPlain struct {
	Revision int64           `json:"revision"`
	AsOf     string          `json:"as_of"`
	KnownAt  *string         `json:"known_at"`
	Pinned   bool            `json:"pinned"`
	Moment   string          `json:"moment"`
	DaysLeft *int64          `json:"days_left"`
	Holder   *holderJSON     `json:"holder"`
	Change   *wallChangeJSON `json:"change"`
}

// The wall says what the reports say; pinned, what they said then, and what has
// changed since.
func TestTheWallSaysWhatTheReportsSay(t *testing.T) {
	d := newDesk(t)
	d.put("editor", "/api/v1/duties", `{"region":"520527","level":"county","matter":"road","person":"陈国强","phone":"0857-5550190"}`, 200)
	d.settle()
	live := wallAsked(t, d.Server, d.tokens["viewer"], "")
	if live.Pinned || live.KnownAt != nil || live.Holder == nil || live.Holder.Person != "陈国强" || len(live.Figures) != 4 || live.Change == nil || live.Change.From.AsOf != "2020-06-23" {
		t.Errorf("the live wall is %+v, held by %+v", live, live.Holder)
	}
	report := d.send("viewer", "/api/v1/report/completion?region=520527&ids=false", "", 200)
	for _, row := range report["rows"].([]any) {
		if r := row.(map[string]any); r["metric"] == "M02 completion_rate" && r["scope"] == ownCounty && r["value"].(float64) != *live.Figures[0].Row.Value {
			t.Errorf("the wall says %v, the report %v", *live.Figures[0].Row.Value, r["value"])
		}
	}
	pinned := wallAsked(t, d.Server, d.tokens["viewer"], "&as_of=2020-01-01")
	if !pinned.Pinned || pinned.AsOf != "2020-01-01" || pinned.Change == nil || pinned.Change.From.AsOf != "2020-01-01" || pinned.Change.To.AsOf != "2020-06-30" {
		t.Errorf("pinned it is %+v, change %+v", pinned, pinned.Change)
	}
	if c := pinned.Figures[0].Change; c == nil || *c != *live.Figures[0].Row.Value-*pinned.Figures[0].Row.Value {
		t.Errorf("roads moved by %v from %v to %v", c, pinned.Figures[0].Row.Value, live.Figures[0].Row.Value)
	}
	m, err := planner.ParseMoment(live.Moment)
	if err != nil || m.AsOf.String() != live.AsOf {
		t.Errorf("the moment of the wall is %q: %v", live.Moment, err)
	}
	if none := wallAsked(t, d.Server, d.tokens["viewer"], "&since=none"); none.Change != nil || none.Figures[0].Change != nil {
		t.Errorf("without changes it says %+v", none.Change)
	}
	for query, want := range map[string]int{"&since=2021-01-01": 422, "&since=x": 422, "&as_of=2020-01-01&since=2019-01-01": 422, "&as_of=x": 422} {
		if status, _, body := ask(t, d.Server, http.MethodGet, "/api/v1/wall?region=520527"+query, d.tokens["viewer"], ""); status != want {
			t.Errorf("%s: %d %s", query, status, body)
		}
	}
}

// put sends with PUT as somebody.
func (d *desk) put(who, target, body string, want int) {
	d.Helper()
	if status, _, text := ask(d.T, d.Server, http.MethodPut, target, d.tokens[who], body); status != want {
		d.Fatalf("%s: %d, want %d: %s", body, status, want, text)
	}
}

// settle waits until the map shows the newest revision.
func (d *desk) settle() {
	d.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if newest, _, _ := d.store.Revision(d.Context()); d.world.Load().revision >= newest {
			return
		}
	}
	d.Fatal("the map does not come round to the newest revision")
}

func TestDutiesAreWrittenWhereOneMay(t *testing.T) {
	d := newDesk(t)
	for body, want := range map[string]int{
		`{"region":"520527","level":"township","township":"520527100","person":"李明华","from":"2020-01-01"}`: 200,
		`{"region":"520527","level":"group","village":2,"matter":"water","person":"王志远"}`:                  200,
		`{"region":"520527","level":"village","village":99,"person":"x"}`:                                  422,
		`{"region":"520527","level":"township","person":"x"}`:                                              422,
		`{"region":"520527","level":"county","township":"520527100","person":"x"}`:                         422,
		`{"region":"520527","level":"county","person":"x","from":"2020-02-30"}`:                            422,
		`{"region":"520527","level":"county","person":"x","from":"2020-02-02","to":"2020-02-02"}`:          422,
		`{"region":"520527","level":"county","person":"` + "\u202e" + `x"}`:                                422,
		`{"region":"520527","level":"township","township":"520304100","person":"x"}`:                       422,
		`{"region":"520527","level":"county","person":"x","matter":"tax"}`:                                 422,
		`{"region":"520527","level":"county","person":"` + strings.Repeat("长", 101) + `","matter":"road"}`: 422,
	} {
		d.put("editor", "/api/v1/duties", body, want)
	}
	d.put("west", "/api/v1/duties", `{"region":"520527","level":"township","township":"520527100","person":"x"}`, 403) // reports there, edits nothing
	d.settle()
	items := d.send("viewer", "/api/v1/duties?region=520527", "", 200)["items"].([]any)
	if got := fmt.Sprint(items); len(items) != 2 || !strings.Contains(got, "township_name:西镇") || !strings.Contains(got, "village_name:小寨") {
		t.Errorf("duties are %s", got)
	}
	if one := d.send("viewer", "/api/v1/duties?region=520527&level=group", "", 200)["items"].([]any); len(one) != 1 {
		t.Errorf("of groups there are %v", one)
	}
}

// A link opens the wall and the map on it, on the screen of whoever has it, and
// nothing of a figure's register; taken back, its stream ends.
func TestALinkOpensTheWallAndTheMapOnIt(t *testing.T) {
	d := newDesk(t)
	made := d.send("editor", "/api/v1/wall/links", `{"region":"520527","name":"大会议室","days":2}`, 201)
	url := made["url"].(string)
	_, token, _ := strings.Cut(url, "/#/520527/wall?link=")
	if made["open"] != true || len(token) != 43 || strings.Contains(fmt.Sprint(d.store.links[0]), token) {
		t.Fatalf("made %v", made)
	}
	wallAsked(t, d.Server, linkMark+token, "")
	if status, _, _ := ask(t, d.Server, http.MethodGet, "/api/v1/wall?region="+ownCounty, d.tokens["editor"], "", "Authorization", "Bearer "+d.tokens["editor"]); status != http.StatusUnauthorized {
		t.Errorf("a session's token opens as a link: %d", status)
	}
	if status, _, body := ask(t, d.Server, http.MethodGet, "/api/v1/me", token, ""); status != 200 || !strings.Contains(body, `"login":"guest"`) {
		t.Errorf("a link's token is a session's: %s", body)
	}
	c := dialAs(t, serveOn(t, d.Server), linkMark+token)
	c.hello(0)
	c.send(`{"type":"subscribe","layers":["road"],"region":"520527"}`)
	c.send(`{"type":"view","seq":1,"tiles":["9/404/215"],"center":[104.6,27.1]}`)
	c.expectTile()
	c.send(`{"type":"question","region":"520527","as_of":"2020-01-01"}`)
	c.expect("question")
	c.expect("stale")
	c.send(`{"type":"question","region":"520527","edits":"close:segment:11"}`)
	if answer := c.expect("error"); answer.text["code"] != "not_by_link" {
		t.Errorf("a what-if by a link: %v", answer.text)
	}
	c.send(`{"type":"figures","region":"520527","reports":["completion"]}`)
	if answer := c.expect("error"); answer.text["code"] != "not_by_link" {
		t.Errorf("figures by a link: %v", answer.text)
	}
	listed := fmt.Sprint(d.send("editor", "/api/v1/wall/links?region=520527", "", 200)["items"])
	if !strings.Contains(listed, "大会议室") || strings.Contains(listed, token) {
		t.Errorf("listed are %s", listed)
	}
	if status, _, body := ask(t, d.Server, http.MethodDelete, "/api/v1/wall/links/1?region=520527", d.tokens["editor"], "{}"); status != http.StatusNoContent {
		t.Fatalf("%d %s", status, body)
	}
	c.closedWith(closeRights)
	if status, _, body := ask(t, d.Server, http.MethodGet, "/api/v1/wall?region="+ownCounty, linkMark+token, ""); status != http.StatusUnauthorized || !strings.Contains(body, "taken back") {
		t.Errorf("taken back: %d %s", status, body)
	}
}

// The brief of whatever there is is one page of A4, in both languages, in Word
// as an office program lays it out and in PDF.
func TestTheBriefIsOnePage(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("no soffice: apt install libreoffice-writer-nogui")
	}
	b := crowded(t)
	dir := t.TempDir()
	var documents []string
	for _, lang := range []Lang{Chinese, English} {
		for _, format := range []string{"docx", "pdf"} {
			var out, again bytes.Buffer
			if err := b.Write(&out, format, lang); err != nil {
				t.Fatal(err)
			}
			if err := b.Write(&again, format, lang); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
				t.Errorf("%s %s is written in two ways: %v", lang, format, err)
			}
			name := filepath.Join(dir, string(lang)+"-"+format)
			if format == "docx" {
				name += ".docx"
				documents = append(documents, name)
			} else {
				name += ".pdf"
			}
			if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	args := append([]string{"-env:UserInstallation=file://" + dir + "/home", "--headless", "--convert-to", "pdf", "--outdir", dir}, documents...)
	if out, err := exec.Command(office, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	pages, _ := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if len(pages) != 4 {
		t.Fatalf("pages: %v", pages)
	}
	for _, file := range pages {
		info, err := exec.Command("pdfinfo", file).CombinedOutput()
		text, err2 := exec.Command("pdftotext", "-layout", file, "-").Output()
		if err != nil || err2 != nil || !strings.Contains(string(info), "Pages:           1\n") {
			t.Errorf("%s is not one page: %v %v\n%s", filepath.Base(file), err, err2, info)
		}
		for _, said := range []string{"0857-5550100", "陈国强"} {
			if !strings.Contains(string(text), said) {
				t.Errorf("%s does not say %s:\n%s", filepath.Base(file), said, text)
			}
		}
		if keep := os.Getenv("QIANTU_SHOTS"); keep != "" {
			_ = exec.Command("pdftoppm", "-r", "80", "-png", "-singlefile", file, filepath.Join(keep, strings.TrimSuffix(filepath.Base(file), ".pdf"))).Run()
		}
	}
}

// crowded is the brief of a county in which everything is late, with long names.
func crowded(t testing.TB) *Brief {
	t.Helper()
	s := smallCounty(ownCounty, 104.5)
	s.Region.Name, s.Region.NameEN = "示范自治县", "Shifan Autonomous County"
	s.AsOf = date("2020-06-30")
	s.Townships, s.Programmes, s.Duties = nil, []planner.Programme{{ID: 1, Name: "农村组组通硬化路", NameEN: "Hamlet roads", Starts: date("2020-01-01"), Deadline: date("2020-07-20"), CompletingStage: planner.StageSurface}}, nil
	s.Warnings = nil
	s.Duties = append(s.Duties, planner.Duty{ID: 900, Level: planner.DutyCounty, Matter: planner.MatterAll, Person: "陈国强", Post: "副县长", Phone: "0857-5550190"})
	for i := range 24 {
		code, road := fmt.Sprintf("%s%03d", ownCounty, i), planner.ID(100+i)
		name := fmt.Sprintf("水塘堡彝族苗族白族回族%d乡", i)
		s.Townships = append(s.Townships, planner.Region{Code: code, Name: name, NameEN: fmt.Sprintf("Shuitangbao Yi and Miao %d", i)})
		s.Roads = append(s.Roads, planner.Road{ID: road, Version: 1, Name: "大坪路", Length: 10_000_000, Township: code})
		span := planner.ScopeItem{ID: road, Road: road, Version: 1}
		span.Span.To = 10_000_000
		s.Programmes[0].Scope = append(s.Programmes[0].Scope, span)
		s.Warnings = append(s.Warnings, planner.Warning{ID: planner.ID(i + 1), Township: code, Level: planner.WarningLevel(1 + i%4), Reason: "履职不到位、工作推进滞后，多次提醒后仍未整改到位"})
		if i%5 != 0 {
			s.Duties = append(s.Duties, planner.Duty{ID: planner.ID(i + 1), Level: planner.DutyTownship, Township: code, Matter: planner.MatterAll, Person: "欧阳志远", Post: "党委书记、乡长", Phone: "0857-5550100"})
		}
	}
	b, err := NewBrief(planner.Assess(s), nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The brief over HTTP is the same in its three forms.
func TestTheBriefInThreeForms(t *testing.T) {
	d := newDesk(t)
	wire := d.send("viewer", "/api/v1/wall/brief?region=520527&lang=en", "", 200)
	if wire["region"] != ownCounty || len(wire["figures"].([]any)) != 4 {
		t.Errorf("the brief is %v", wire)
	}
	status, header, body := ask(t, d.Server, http.MethodGet, "/api/v1/wall/brief?region=520527&format=docx", d.tokens["viewer"], "")
	if status != 200 || header.Get("Content-Type") != wordType || !strings.Contains(header.Get("Content-Disposition"), `"brief-520527-2020-06-30.docx"`) {
		t.Fatalf("%d %v", status, header)
	}
	pack, err := archive.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := pack.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil || !strings.Contains(string(text), "请会议定") {
		t.Errorf("%v: %.300s", err, text)
	}
}
