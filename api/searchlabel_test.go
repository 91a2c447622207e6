package api

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/geo/chainage"
)

func TestSplitLabel(t *testing.T) {
	for q, want := range map[string]struct {
		road  string
		label int64
		ok    bool
	}{
		"C101 K12+345": {"c101", 12_345_000, true}, "K12+345": {"", 12_345_000, true}, "大坪路　K0+500": {"大坪路", 500_000, true},
		"  C101   12+345.5 ": {"c101", 12_345_500, true}, "Ｃ１０１ Ｋ１２＋３４５": {"c101", 12_345_000, true},
		"C101": {}, "K12": {}, "C101 K12+": {}, "C101 +": {}, "K99999+000": {}, "+": {},
	} {
		road, label, ok := splitLabel(q)
		if road != want.road || label != want.label || ok != want.ok {
			t.Errorf("%q: %q %d %v", q, road, label, ok)
		}
	}
}

// A label finds its place; where it is two places, both.
func TestSearchForALabel(t *testing.T) {
	snap := smallCounty(ownCounty, 104.5)
	marks, err := chainage.NewCalibration(chainage.Mark{At: 0, K: 0}, chainage.Mark{At: 5_000_000, K: 5_000_000}, chainage.Mark{At: 5_000_000, K: 4_000_000}, chainage.Mark{At: 9_000_000, K: 8_000_000})
	if err != nil {
		t.Fatal(err)
	}
	snap.Roads[0].Calibration = marks
	s, _ := live(t, newFake(snap))
	search := func(q, region string) []resultJSON {
		status, _, body := get(t, s, "/api/v1/search?q="+url.QueryEscape(q)+"&region="+region)
		var out struct{ Results []resultJSON }
		if err := json.Unmarshal([]byte(body), &out); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		return out.Results
	}
	if got := search("C101 K4+500", ""); len(got) != 2 || *got[0].AtMM != 4_500_000 || *got[1].AtMM != 5_500_000 || got[0].Label != "K4+500" {
		t.Errorf("twice: %+v", got)
	}
	if got := search("K1+000", ownCounty); len(got) != 2 || got[0].ID != "1" || got[1].ID != "2" || got[1].Center != nil {
		t.Errorf("every road of the county: %+v", got)
	}
	if got := search("K1+000", ""); len(got) != 0 {
		t.Errorf("no road and no county: %+v", got)
	}
	if got := search("C101 K900+000", ""); len(got) != 0 {
		t.Errorf("beyond the end: %+v", got)
	}
	if got := search("C101 K0+000", ""); len(got) != 1 || math.Abs(got[0].Center[0]-104.52) > 1e-9 || math.Abs(got[0].Center[1]-27.1) > 1e-9 {
		t.Errorf("the start: %+v", got)
	}
}

// A point finds the places of the nearest roads; back from a place it is the
// place itself.
func TestLocate(t *testing.T) {
	d := newDesk(t)
	places := func(body string, want int) []any {
		out := d.send("viewer", "/api/v1/progress/locate", body, want)
		found, _ := out["places"].([]any)
		return found
	}
	got := places(`{"region":"520527","point":[104.6,27.1001]}`, 200)
	if len(got) != 1 {
		t.Fatalf("%v", got)
	}
	place := got[0].(map[string]any)
	if place["road"] != 1.0 || place["offset_m"].(float64) < 7.5 || place["offset_m"].(float64) > 8.5 || place["side"] != "left" || !strings.HasPrefix(place["label"].(string), "K7+9") {
		t.Errorf("%v", place)
	}
	if got := places(`{"region":"520527","point":[110,30]}`, 200); len(got) != 0 {
		t.Errorf("far from all: %v", got)
	}
	if got := places(`{"region":"520527","point":[110,30],"road":1}`, 200); len(got) != 1 {
		t.Errorf("far from the road that is meant: %v", got)
	}
	for _, bad := range []string{`[104.6]`, `[104.6,27,1]`, `[181,27]`, `[104.6,"27"]`, `null`} {
		places(`{"region":"520527","point":`+bad+`}`, 422)
	}
	places(`{"region":"520527","point":[104.6,27],"road":77}`, 422)
}

// A track is laid along the road that it drove, and a report with it says how
// much of its interval was driven.
func TestTracks(t *testing.T) {
	d := newDesk(t)
	track := `<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>`
	for lon := 104.52; lon < 104.62; lon += 0.005 {
		point, _ := json.Marshal(lon)
		track += `<trkpt lat="27.10005" lon="` + string(point) + `"></trkpt>`
	}
	file := d.attach([]byte(track+`</trkseg></trk></gpx>`), mediaGPX, http.StatusCreated)
	got := d.send("east", "/api/v1/progress/track", `{"region":"520527","hash":"`+file.Hash+`"}`, 200)
	roads := got["roads"].([]any)
	if len(roads) != 1 || roads[0].(map[string]any)["road"] != 1.0 || got["overlap_share"] != nil || got["offset_median_m"].(float64) > 8 {
		t.Fatalf("%v", got)
	}
	if m := roads[0].(map[string]any)["covered_m"].(float64); m < 9_000 || m > 10_000 {
		t.Errorf("covered %v m", m)
	}
	part := d.send("east", "/api/v1/progress/track", `{"region":"520527","hash":"`+file.Hash+`","road":1,"from_mm":8000000,"to_mm":12000000}`, 200)
	if share := part["overlap_share"].(float64); share < 0.4 || share > 0.5 {
		t.Errorf("share %v", share)
	}
	for body, want := range map[string]bool{`"from_mm":1000000,"to_mm":2000000`: false, `"from_mm":8000000,"to_mm":14000000`: true} {
		checked := d.send("editor", "/api/v1/progress/check", `{"region":"520527","road":1,"stage":"clearing","on":"2020-05-05","evidence":["`+file.Hash+`"],`+body+`}`, 200)
		if slices.Contains(rulesOf(checked), "R23") != want {
			t.Errorf("%s: %v", body, rulesOf(checked))
		}
	}
	photo := d.attach(photo(t, nil), mediaJPEG, http.StatusCreated)
	d.send("east", "/api/v1/progress/track", `{"region":"520527","hash":"`+photo.Hash+`"}`, 422)
	d.send("east", "/api/v1/progress/track", `{"region":"520527","hash":"`+file.Hash+`","from_mm":1,"to_mm":2}`, 422)
}

var _ Ledger = (*fakeLedger)(nil)
