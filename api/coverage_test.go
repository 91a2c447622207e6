package api

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/planner"
)

// read asks and reads the answer into out.
func read(t *testing.T, s *Server, target string, out any) {
	t.Helper()
	status, _, body := get(t, s, target)
	if err := json.Unmarshal([]byte(body), out); err != nil || status != 200 {
		t.Fatalf("%s: %d %v: %.300s", target, status, err, body)
	}
}

// The proof of a village is its verdict, leg by leg, and what would mend it
// mends it.
func TestProof(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	type proof struct {
		Verdict string
		Legs    []struct {
			Kind, Meets, Why string
			Coordinates      [][]float64
		}
		Weakest  *int
		MissingM float64 `json:"missing_m"`
		Mends    []struct {
			Connects []int64
			Edits    string
		}
	}
	var good, bad, mended proof
	read(t, s, "/api/v1/proof?region=520527&village=1", &good)
	if good.Verdict != "connected" || good.Weakest != nil || good.MissingM != 0 || len(good.Legs) == 0 || len(good.Mends) != 0 {
		t.Errorf("a connected village: %+v", good)
	}
	read(t, s, "/api/v1/proof?region=520527&village=3", &bad)
	if bad.Verdict == "connected" || bad.Weakest == nil || bad.MissingM <= 0 || bad.Legs[*bad.Weakest].Kind != "missing" || bad.Legs[*bad.Weakest].Why == "" || len(bad.Mends) == 0 {
		t.Fatalf("a village at an earth road: %+v", bad)
	}
	var edits []string
	for _, m := range bad.Mends {
		edits = append(edits, m.Edits)
	}
	if read(t, s, "/api/v1/proof?region=520527&village=3&edits="+strings.Join(edits, ","), &mended); mended.Verdict != "connected" {
		t.Errorf("with %v done it is %+v", edits, mended)
	}
}

// The first of the ranking connects whom it says, also in a plan.
func TestRanking(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	var ranking struct {
		Total int
		Rows  []struct {
			Rank     int
			Villages []int64
			Edits    string
		}
		Plan *struct {
			Persons      int64
			BoundPersons int64   `json:"bound_persons"`
			CostYuan     float64 `json:"cost_yuan"`
			BudgetYuan   float64 `json:"budget_yuan"`
		}
	}
	if read(t, s, "/api/v1/ranking?region=520527", &ranking); ranking.Total == 0 || ranking.Plan != nil {
		t.Fatalf("%+v", ranking)
	}
	for _, id := range ranking.Rows[0].Villages {
		var proof struct{ Verdict string }
		if read(t, s, fmt.Sprintf("/api/v1/proof?region=520527&village=%d&edits=%s", id, ranking.Rows[0].Edits), &proof); proof.Verdict != "connected" {
			t.Errorf("after %s village %d is %s", ranking.Rows[0].Edits, id, proof.Verdict)
		}
	}
	if read(t, s, "/api/v1/ranking?region=520527&by=yuan&budget_yuan=100000000", &ranking); ranking.Plan == nil || ranking.Plan.CostYuan > ranking.Plan.BudgetYuan || ranking.Plan.BoundPersons < ranking.Plan.Persons {
		t.Errorf("%+v", ranking.Plan)
	}
	_, _, body := get(t, s, "/api/v1/ranking?region=520527&format=xlsx")
	if _, rows := tableOf(t, workbook(t, body)); len(rows) != ranking.Total {
		t.Errorf("the spreadsheet has %d rows, want %d", len(rows), ranking.Total)
	}
}

// The steps of a difference of coverage add up.
func TestCoverageDifference(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	var d struct {
		Metrics []struct {
			Metric        string
			Before, After struct{ Numerator, Unknown float64 }
			Steps         []struct {
				Cause, Edit        string
				Numerator, Unknown float64
			}
		}
	}
	read(t, s, "/api/v1/coverage/difference?region=520527&edits=close:segment:11&from_edits=none", &d)
	moved := 0
	for _, m := range d.Metrics {
		numerator, unknown := m.Before.Numerator, m.Before.Unknown
		for _, step := range m.Steps {
			moved++
			numerator, unknown = numerator+step.Numerator, unknown+step.Unknown
			if step.Edit != "close:segment:11" {
				t.Errorf("%s is moved by %+v", m.Metric, step)
			}
		}
		if math.Abs(numerator-m.After.Numerator) > 1e-9 || math.Abs(unknown-m.After.Unknown) > 1e-9 {
			t.Errorf("%s does not add up: %+v", m.Metric, m)
		}
	}
	if moved == 0 {
		t.Error("closing a road moved nothing")
	}
	if read(t, s, "/api/v1/coverage/difference?region=520527", &d); len(d.Metrics) == 0 || len(d.Metrics[0].Steps) != 0 {
		t.Errorf("from itself: %+v", d)
	}
}

// A manifest is the same bytes when it is made again, by another service too.
func TestManifestIsTheSame(t *testing.T) {
	var bodies []string
	for range 2 {
		s, _ := live(t, newFake(smallCounty("520527", 104.5)))
		_, header, body := get(t, s, "/api/v1/manifest?region=520527")
		if header.Get("Content-Type") != "application/json" || !json.Valid([]byte(body)) {
			t.Fatalf("%v %.200s", header, body)
		}
		bodies = append(bodies, body)
	}
	if bodies[0] != bodies[1] {
		t.Errorf("made twice it differs:\n%s\n%s", bodies[0], bodies[1])
	}
}

func TestIsochrone(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	var iso struct {
		Type     string
		Features []struct {
			Geometry   struct{ Type string }
			Properties map[string]any
		}
	}
	read(t, s, "/api/v1/isochrone?region=520527&facility=1&minutes=5,60&outline=true", &iso)
	kinds := map[string]int{}
	for _, f := range iso.Features {
		kinds[fmt.Sprint(f.Properties["kind"], f.Properties["minutes"])]++
	}
	if iso.Type != "FeatureCollection" || kinds["from<nil>"] != 1 || kinds["reached5"] == 0 || kinds["reached60"] == 0 {
		t.Errorf("%s %v", iso.Type, kinds)
	}
}

func TestRefusedCoverage(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for target, status := range map[string]int{
		"proof?region=520527": 422, "proof?region=520527&village=99": 404, "proof?region=520527&village=-1": 422, "proof?region=520527&village=1e3": 422,
		"ranking?region=520527&by=miles": 422, "ranking?region=520527&budget_yuan=-1": 422, "ranking?region=520527&budget_yuan=9999999999999": 422, "ranking?region=520527&limit=0": 422,
		"inspections/worth?region=520527&offset=-1": 422, "inspections/worth?region=520527&by=km": 422, "manifest?region=520527&format=pdf": 422, "manifest?region=520527&season=rain": 422,
		"isochrone?region=520527&minutes=10": 422, "isochrone?region=520527&facility=99&minutes=10": 404, "isochrone?region=520527&facility=1": 422,
		"isochrone?region=520527&facility=1&minutes=0": 422, "isochrone?region=520527&facility=1&minutes=20,10": 422, "isochrone?region=520527&facility=1&minutes=1,2,3,4,5,6,7,8,9,10,11": 422,
		"isochrone?region=520527&lon=181&lat=0&minutes=10": 422, "isochrone?region=520527&lon=NaN&lat=27&minutes=10": 422, "isochrone?region=520527&lon=1&lat=1&minutes=10": 422,
		"coverage/difference?region=520527&from_connect_m=5001": 422, "coverage/difference?region=520527&from_connect_m=-1": 422, "coverage/difference?region=520527&from_season=rain": 422,
		"coverage/difference?region=520527&from_edits=close": 422, "coverage/difference?region=520527&from_as_of=2020-02-30": 422,
	} {
		got, header, body := get(t, s, "/api/v1/"+target)
		if got != status {
			t.Errorf("%s: %d, want %d: %.200s", target, got, status, body)
		}
		if got >= 400 {
			problemIn(t, header, body)
		}
	}
}

// The difference of two water reports adds up over its causes, and none is a road.
func TestWaterDifferenceOverTheWire(t *testing.T) {
	county := smallCounty("520527", 104.5)
	small, persons := 1000.0, int64(50)
	dry := 0.1
	county.Villages[0].Population = &planner.Population{Persons: &persons}
	county.Water = []planner.WaterProject{{ID: 1, Kind: "small", Status: "built", CapacityM3D: &small, DryCapacityM3D: &dry, Serves: []planner.ID{county.Villages[0].ID}}}
	s, _ := live(t, newFake(county))
	var d struct {
		Metrics []struct {
			Metric        string
			Before, After struct{ Numerator float64 }
			Steps         []struct {
				Cause     string
				Numerator float64
				Items     []struct{ ID planner.ID }
			}
		}
	}
	read(t, s, "/api/v1/water/difference?region=520527&season=dry&from_season=wet&edits=close:segment:11&from_edits=none", &d)
	if len(d.Metrics) == 0 {
		t.Fatal("nothing is explained")
	}
	for _, m := range d.Metrics {
		want := 0
		if m.Metric == "C26 persons_served" || m.Metric == "C26 persons_no_capacity" || m.Metric == "M16 served_rate" {
			want = 1
		}
		if len(m.Steps) != want {
			t.Errorf("%+v", m)
			continue
		}
		if want == 1 && (m.Steps[0].Cause != "season" || m.Before.Numerator+m.Steps[0].Numerator != m.After.Numerator || math.Abs(m.Steps[0].Numerator) != 50 || len(m.Steps[0].Items) != 1) {
			t.Errorf("%+v", m)
		}
	}
}
