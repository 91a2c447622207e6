package api

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/planner"
)

// Every layer opens as docs/api.md says.
func TestFeatures(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for name, thing := range map[string]string{
		"village_surveyed": "village/1", "road_undrawn": "road/2", "water_project": "water_project/1", "move": "move/1",
		"facility": "facility/1", "reference": "reference/1", "county": "region/520527",
	} {
		t.Run(name, func(t *testing.T) {
			status, _, body := get(t, s, "/api/v1/feature/"+thing+"?region=520527")
			if status != http.StatusOK {
				t.Fatalf("%s: %d %s", thing, status, body)
			}
			golden(t, name, body)
		})
	}
}

// The legend's counts are those of the county asked for.
func TestLegend(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	status, _, body := get(t, s, "/api/v1/legend?region=520527")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	golden(t, "legend", body)
	if status, _, body := get(t, s, "/api/v1/legend?region=520999"); status != http.StatusNotFound {
		t.Errorf("a county that is not there: %d %s", status, body)
	}
}

// The wire keeps what the card says: empty lists are lists, what is not known
// is null, what is not drawn has no place.
func TestWireCard(t *testing.T) {
	body, err := json.Marshal(wireCard(&planner.Card{Layer: "road", ID: "9007199254740993", Facts: []planner.Fact{
		{Name: "length", Value: 12.345678, Unit: planner.UnitKM, On: date("2020-06-30"), Source: "survey"}, {Name: "class"}, {Name: "disputed", Value: false},
	}}))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"layer":"road","id":"9007199254740993","code":"","name":"","bounds":null,"center":null,"facts":[` +
		`{"name":"length","value":12.345678,"unit":"km","on":"2020-06-30","source":"survey"},` +
		`{"name":"class","value":null,"unit":"","on":"","source":""},` +
		`{"name":"disputed","value":false,"unit":"","on":"","source":""}],"why":[],"parts":[]}`
	if string(body) != want {
		t.Errorf("got  %s\nwant %s", body, want)
	}
}

// The page of the interface names every reason that a card of the small county
// gives.
func TestReasonsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	a := planner.Assess(smallCounty("520527", 104.5))
	var codes []string
	for _, l := range a.Layers() {
		for _, f := range l.Features {
			id := idText(planner.ID(f.Properties["id"].(int64)))
			if code, ok := f.Properties["code"].(string); ok && strings.HasPrefix(l.Name, "region") {
				id = code
			}
			c, err := openCard(a, l.Name, id)
			if err != nil {
				t.Fatalf("%s %s: %v", l.Name, id, err)
			}
			for _, w := range c.Why {
				codes = append(codes, w.Code)
			}
		}
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	if len(codes) < 5 {
		t.Errorf("only %v", codes)
	}
	for _, code := range codes {
		indicator := slices.ContainsFunc([]string{"quantity", "quality", "convenience", "reliability"}, func(name string) bool {
			return strings.HasPrefix(code, "water_"+name+"_")
		})
		if !indicator && !strings.Contains(string(page), "`"+code+"`") {
			t.Errorf("docs/api.md does not name %s", code)
		}
	}
}
