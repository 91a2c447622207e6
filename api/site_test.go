package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// registerCounty is the small county with a register, and a slide over its site.
func registerCounty(code string) *planner.Snapshot {
	s := smallCounty(code, 104.5)
	date := func(text string) planner.Date {
		d, err := planner.ParseDate(text)
		if err != nil {
			panic(err)
		}
		return d
	}
	site := &s.Sites[0]
	site.Land, site.Jobs, site.WaterM3D = "owned", ptr(int64(40)), ptr(24.0)
	site.Approvals = []planner.SiteApproval{
		{Step: "siting_opinion", Needed: true, Due: date("2019-03-01"), Applied: date("2019-01-10"), Granted: date("2019-02-10"), Document: "赫自然资选〔2019〕3号"},
		{Step: "environment", Needed: true, Due: date("2020-04-01"), Applied: date("2020-01-10")},
	}
	site.FollowUps = []planner.SiteFollowUp{{ID: 1, Kind: "clinic", Due: date("2020-05-01"), Responsible: "卫健局"}, {ID: 2, Kind: "visit", Due: date("2020-04-01"), Done: date("2020-04-02"), Amount: ptr(int64(3))}}
	site.Types = []planner.DwellingType{{Persons: 4, AreaDM2: 10_000, Dwellings: 20}, {Persons: 3, AreaDM2: 9_000, Dwellings: 10}}
	site.Scores = []planner.StoredScore{{Factor: "slope", Score: ptr(72.5), Source: "现场勘查"}}
	site.Costs = []planner.SiteCost{{Item: "housing", Fen: 300_000_000}}
	site.Employment = &planner.EmploymentCount{AsOf: date("2020-05-01"), Households: 10, Employed: 18}
	s.Villages[1].Consent = &planner.Consent{AsOf: date("2019-01-01"), Asked: 30, Agreed: 25}
	gate := site.Gate
	ring := orb.Ring{{gate[0] - 0.01, gate[1] - 0.02}, {gate[0] + 0.01, gate[1] - 0.02}, {gate[0] + 0.01, gate[1] + 0.02}, {gate[0] - 0.01, gate[1] + 0.02}, {gate[0] - 0.01, gate[1] - 0.02}}
	s.References = append(s.References, planner.Reference{ID: 2, Layer: "red_line", Name: "生态红线", Geometry: orb.Polygon{{{103, 25}, {103.1, 25}, {103.1, 25.1}, {103, 25}}}},
		planner.Reference{ID: 3, Layer: "hazard", Kind: "landslide", Name: "滑坡", Geometry: orb.MultiPolygon{{ring}}})
	return s
}

func TestSiteAnswers(t *testing.T) {
	s, _ := live(t, newFake(registerCounty("520527")))
	for name, target := range map[string]string{"sites": "/api/v1/sites?region=520527", "site_register": "/api/v1/site/1?region=520527", "hazard_impact": "/api/v1/hazard/impact?region=520527&reference=3", "hazards": "/api/v1/hazards?region=520527"} {
		status, _, body := get(t, s, target)
		if status != http.StatusOK {
			t.Fatalf("%s: %d %s", target, status, body)
		}
		golden(t, name, body)
	}
	for target, says := range map[string]string{
		"/api/v1/site/9?region=520527":                     "no relocation site 9",
		"/api/v1/hazard/impact?region=520527&reference=99": "no area 99",
		"/api/v1/hazard/impact?region=520527&reference=1":  "no area; name one that is a polygon",
		"/api/v1/hazard/impact?region=520527":              "reference",
		"/api/v1/site/1?region=520527&as_of=2020-02-30":    "as_of",
		"/api/v1/sites?region=520527&format=pdf":           "format",
	} {
		if status, _, body := get(t, s, target); status < 400 || status >= 500 || !strings.Contains(body, says) {
			t.Errorf("%s: %d %s", target, status, body)
		}
	}
}

func TestSiteSheet(t *testing.T) {
	s, _ := live(t, newFake(registerCounty("520527")))
	for lang, says := range map[string][]string{"zh-CN": {"县城安置", "不适宜", "地质灾害"}, "en": {"In the county town", "Unsuitable", "Hazard zone"}} {
		status, header, body := get(t, s, "/api/v1/sites?region=520527&format=xlsx&lang="+lang)
		if status != 200 || header.Get("Content-Type") != sheetType {
			t.Fatalf("%d %s", status, header)
		}
		_, table := tableOf(t, workbook(t, body))
		rows := fmt.Sprint(table)
		for _, word := range says {
			if !strings.Contains(rows, word) {
				t.Errorf("%s has no %s: %s", lang, word, rows)
			}
		}
	}
}

// A drawn area gives what the stored one of the same shape gives.
func TestDrawnHazard(t *testing.T) {
	s, _ := live(t, newFake(registerCounty("520527")))
	_, _, stored := get(t, s, "/api/v1/hazard/impact?region=520527&reference=3")
	polygon := `{"type":"Polygon","coordinates":[[[104.52,27.08],[104.54,27.08],[104.54,27.12],[104.52,27.12],[104.52,27.08]]]}`
	for name, body := range map[string]string{
		"polygon": polygon, "feature": `{"type":"Feature","properties":null,"geometry":` + polygon + `}`,
		"collection": `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":` + polygon + `}]}`,
		"heights":    strings.ReplaceAll(polygon, "27.08]", "27.08,1500]"),
		"multi":      strings.Replace(strings.Replace(polygon, `"Polygon","coordinates":[`, `"MultiPolygon","coordinates":[[`, 1), "]]]}", "]]]]}", 1),
	} {
		status, _, answer := ask(t, s, "POST", "/api/v1/hazard/impact?region=520527", "", body)
		if status != 200 || answer != stored {
			t.Errorf("%s: %d\n%s\n%s", name, status, answer, stored)
		}
	}
	for body, says := range map[string]string{
		``: "", `{`: "JSON", `[]`: "GeoJSON", `{"type":"Point","coordinates":[1,2]}`: "no area", `{"type":"Polygon"}`: "coordinates", `{"type":"Polygon","coordinates":[[[1],[2],[3],[1]]]}`: "lon, lat",
		`{"type":"Polygon","coordinates":[[[1,2],[2,3],[1,2]]]}`: "three corners", `{"type":"FeatureCollection","features":[]}`: "draw a polygon",
		`{"type":"Polygon","coordinates":[[[500,2],[2,3],[4,5],[500,2]]]}`: "no area on the earth", `{"type":"Polygon","type":"Point"}`: "twice",
	} {
		if status, _, answer := ask(t, s, "POST", "/api/v1/hazard/impact?region=520527", "", body); status < 400 || status >= 500 || !strings.Contains(answer, says) {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
}

func FuzzReadArea(f *testing.F) {
	for _, seed := range []string{
		`{"type":"Polygon","coordinates":[[[1,2],[2,3],[4,5],[1,2]]]}`, `{"type":"MultiPolygon","coordinates":[[[[1,2,3],[2,3],[4,5],[1,2]]]]}`,
		`{"type":"Feature","geometry":{"type":"Feature","geometry":null}}`, `{"type":"FeatureCollection","features":[{"type":"GeometryCollection"}]}`, `null`, `{"type":"Polygon","coordinates":null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		area, err := readArea(body)
		if err != nil && planner.CodeOf(err) != planner.Invalid {
			t.Errorf("%q: %v", body, err)
		}
		for _, polygon := range area {
			for _, ring := range polygon {
				if 4*len(ring) > len(body) {
					t.Errorf("%q has %d points", body, len(ring))
				}
			}
		}
	})
}
