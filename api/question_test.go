package api

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/planner"
)

// Every question that speaks of a county takes what is supposed, and answers as
// if it were so; without it the answer is what it was.
func TestQuestionInEveryRead(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for target, changes := range map[string]bool{
		"/api/v1/report/coverage?region=520527": true, "/api/v1/report/completion?region=520527": false, "/api/v1/evidence?region=520527&metric=C11": true,
		"/api/v1/feature/village/1?region=520527": true, "/api/v1/feature/road/1?region=520527": false, "/api/v1/distances?region=520527": true,
		"/api/v1/roads?region=520527": false, "/api/v1/curve?region=520527": false, "/api/v1/report/coverage?region=520527&as_of=2020-02-01": true,
		"/api/v1/report/coverage?region=520527&by=village": true,
	} {
		_, _, before := get(t, s, target)
		status, _, asked := get(t, s, target+"&edits=close:segment:11")
		if status != 200 || (before != asked) != changes {
			t.Errorf("%s: %d, changed %v: %.200s", target, status, before != asked, asked)
		}
		if _, _, after := get(t, s, target+"&season=dry&connect_m=0&rai_m=0&walk_min=0&edits="); after != before {
			t.Errorf("%s: nothing supposed, and yet %.200s", target, after)
		}
	}
}

// Sites and villages that are supposed are in every read that speaks of them,
// and roads are judged once for all of them.
func TestSupposedSitesInEveryRead(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for _, c := range []struct {
		target, edits string
		changes       bool
	}{
		{"/api/v1/report/relocation?region=520527", "place:site:1:104.65:27.1", true}, {"/api/v1/report/coverage?region=520527", "place:site:1:104.65:27.1", false},
		{"/api/v1/report/coverage?region=520527", "people:village:1:10:44", true}, {"/api/v1/distances?region=520527", "add:site:900001:104.6:27.1:60", true},
		{"/api/v1/feature/relocation_site/1?region=520527", "place:site:1:104.65:27.1", true}, {"/api/v1/plan/decide?region=520527", "close:site:1", true},
	} {
		_, _, before := get(t, s, c.target)
		status, _, asked := get(t, s, c.target+"&edits="+c.edits)
		if changed := moving.ReplaceAllString(strings.ReplaceAll(before, ":", ": "), "") != moving.ReplaceAllString(strings.ReplaceAll(asked, ":", ": "), ""); status != 200 || changed != c.changes {
			t.Errorf("%s %s: %d, changed %v: %.200s", c.target, c.edits, status, changed, asked)
		}
	}
	if status, _, body := get(t, s, "/api/v1/feature/relocation_site/900001?region=520527&edits=add:site:900001:104.6:27.1:60"); status != 200 || !strings.Contains(body, "拟设安置点 1") {
		t.Errorf("the card of a site that is supposed: %d %s", status, body)
	}
	w := s.world.Load()
	find := func(text string) *planner.Assessment {
		ask, err := Question{Day: Day{Region: "520527"}, What: What{Edits: text}}.parse()
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.asks.get(t.Context(), w, w.counties["520527"], ask)
		if err != nil {
			t.Fatal(err)
		}
		return c.assessment
	}
	one, two := find("close:segment:12,place:site:1:104.65:27.1"), find("place:site:1:104.66:27.1,close:segment:12")
	if &one.Pieces[0] != &two.Pieces[0] {
		t.Error("the roads were judged twice")
	}
}

func TestRefusedQuestionsInAddresses(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for query, location := range map[string]string{
		"season=rain": "season", "connect_m=-1": "connect_m", "connect_m=5001": "connect_m", "connect_m=1e3": "connect_m", "connect_m=99999999999999999999": "connect_m",
		"rai_m=20001": "rai_m", "rai_m=NaN": "rai_m", "walk_min=241": "walk_min", "walk_min=0.5": "walk_min", "edits=close": "edits", "edits=close:segment:0": "edits",
		"edits=close:village:1": "edits", "edits=%00": "edits", "edits=close:segment:11%2C": "edits", "edits=close:segment:%D9%A3": "edits",
		"edits=" + strings.Repeat("close:segment:1,", 500) + "close:segment:1": "edits",
	} {
		status, header, body := get(t, s, "/api/v1/report/coverage?region=520527&"+query)
		if len(query) > 8000 && status == 414 {
			continue
		}
		if problemIn(t, header, body); status != 422 || !strings.Contains(body, `"location":"query.`+location+`"`) {
			t.Errorf("%.60s: %d %s", query, status, body)
		}
	}
	for query, status := range map[string]int{"edits=close:segment:99": 422, "edits=build:road:99": 422} {
		if got, header, body := get(t, s, "/api/v1/report/coverage?region=520527&"+query); got != status {
			t.Errorf("%s: %d, want %d: %s", query, got, status, body)
		} else {
			problemIn(t, header, body)
		}
	}
	if status, _, body := get(t, s, "/api/v1/difference?region=520527&metric=M02&season=wet"); status != 422 {
		t.Errorf("a difference of completion takes a season: %s", body)
	}
}

// A report of coverage says what its verdicts stand on: the rules, or what the
// question puts in their place.
func TestReportSaysItsThresholds(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for target, want := range map[string]string{
		"coverage?region=520527":                         `"thresholds":{"connect_m":200,"rai_m":2000,"walk_min":30}`,
		"coverage?region=520527&connect_m=55&walk_min=7": `"thresholds":{"connect_m":55,"rai_m":2000,"walk_min":7}`,
		"coverage?region=520527&by=none&rai_m=1":         `"thresholds":{"connect_m":200,"rai_m":1,"walk_min":30}`,
	} {
		if status, _, body := get(t, s, "/api/v1/report/"+target); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d, want %s in %.300s", target, status, want, body)
		}
	}
	for _, kind := range []string{"completion", "water", "relocation"} {
		if _, _, body := get(t, s, "/api/v1/report/"+kind+"?region=520527"); strings.Contains(body, "thresholds") {
			t.Errorf("the %s report names thresholds of coverage", kind)
		}
	}
}

// A screen that opens every figure from its evidence does without the ids.
func TestReportWithoutIDs(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for _, kind := range reportKinds {
		target := "/api/v1/report/" + string(kind) + "?region=520527"
		_, _, whole := get(t, s, target)
		status, _, bare := get(t, s, target+"&ids=false")
		var with, without map[string]any
		if err := errors.Join(json.Unmarshal([]byte(whole), &with), json.Unmarshal([]byte(bare), &without)); status != 200 || err != nil {
			t.Fatalf("%s: %d, %v", target, status, err)
		}
		for _, row := range with["rows"].([]any) {
			if _, had := row.(map[string]any)["ids"]; !had {
				t.Errorf("%s: a row has no ids: %v", kind, row)
			}
			delete(row.(map[string]any), "ids")
		}
		if !reflect.DeepEqual(with, without) {
			t.Errorf("%s: without ids it is another report", kind)
		}
	}
}

// What is asked of a county is made once for all who ask it, and forgotten when
// the county changes.
func TestAskedIsShared(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	ask := func() int64 {
		t.Helper()
		w := s.world.Load()
		q, err := Question{Day: Day{Region: "520527"}, What: What{Edits: "close:segment:11"}}.parse()
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.asks.get(t.Context(), w, w.counties["520527"], q)
		if err != nil {
			t.Fatal(err)
		}
		return c.number
	}
	first := ask()
	if ask() != first {
		t.Error("the same question is derived twice")
	}
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[0].Name = "新名" })
	until(t, "the next world", func() bool { return s.world.Load().revision == store.revision })
	if ask() == first {
		t.Error("the answer is older than the county")
	}
	if held := len(s.asks.held.items); held != 1 {
		t.Errorf("%d answers are held, want the one of the live county", held)
	}
}
