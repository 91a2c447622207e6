package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// valley is drawn on a grid of about a kilometre; --- is asphalt, ~ a track of earth.
//
//	      1.50        1.52    1.53
//	42.52                     d
//	42.51 c            b
//	                   ~
//	42.50 -------------+
//	       a
const valley = `<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="42.50" lon="1.50"/><node id="2" lat="42.50" lon="1.52"/><node id="3" lat="42.51" lon="1.52"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="surface" v="asphalt"/><tag k="name" v="Main"/></way>
<way id="2"><nd ref="2"/><nd ref="3"/><tag k="highway" v="track"/><tag k="surface" v="ground"/></way></osm>`

const valleyPeople = "id,name,lon,lat,persons\na,Alpha,1.501,42.5003,100\nb,Beta,1.52,42.5099,50\nc,Gamma,1.50,42.51,70\nd,Delta,1.53,42.52,\n"

const valleyPlans = "id,name,cost,wkt\np1,North road,80,\"LINESTRING(1.50 42.50,1.50 42.51)\"\np2,High road,50,\"LINESTRING(1.52 42.51,1.53 42.52)\"\n"

// accessTo runs the study of the valley into a directory and gives its files.
func accessTo(t *testing.T, more ...string) (summary string, files map[string]string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	args := append([]string{"access", "--network", pointFile(t, "valley.osm", valley), "--population", pointFile(t, "people.csv", valleyPeople), "--out", dir}, more...)
	summary = must(t, "", args...)
	files = map[string]string{}
	for _, name := range []string{"report.csv", "report.json", "villages.csv", "ranking.csv", "plan.json", "manifest.json"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(raw)
	}
	return summary, files
}

func table(t *testing.T, text string) []map[string]string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		out = append(out, row)
	}
	return out
}

func TestAccess(t *testing.T) {
	plans := pointFile(t, "plans.csv", valleyPlans)
	summary, files := accessTo(t, "--planned", plans)
	want := []string{
		"a connected 33.316 way/1 Main  ",
		"b reached 1099.723 way/1 Main 1099.723 road",
		"c not 1110.831 way/1 Main 1110.831 road",
		"d not 2368.806 way/1 Main 2492.603 road",
	}
	for i, row := range table(t, files["villages.csv"]) {
		if got := strings.Join([]string{row["id"], row["verdict"], row["nearest_all_season_m"], row["nearest_road"], row["missing_m"], row["missing"]}, " "); got != want[i] {
			t.Errorf("village %d: %q, want %q", i+1, got, want[i])
		}
	}
	rows := table(t, files["ranking.csv"])
	if len(rows) != 2 || rows[0]["ids"] != "p1" || rows[0]["cost_from"] != "file" || rows[0]["persons"] != "70" || rows[0]["cost"] != "80.00" || rows[0]["settlement_ids"] != "c" || rows[1]["settlements"] != "0" {
		t.Errorf("ranking: %v", rows)
	}
	for _, says := range []string{"4 settlements, 2 ways of road, 2 planned roads", "1 of 4 settlements have no number of persons", "connected by all-season roads 1, reached by other roads 1, not reached 2", "70 persons  p1 North road", "2.00 km straight     100.00 to 100.00  (220 to 220 of 220)", "2.00 km along roads  100.00", "30 min on foot       100.00", "OpenStreetMap"} {
		if !strings.Contains(summary, says) {
			t.Errorf("the summary does not say %q:\n%s", says, summary)
		}
	}
	if strings.Contains(summary, "plan within") || files["plan.json"] != "null\n" {
		t.Errorf("a plan without a budget: %s", files["plan.json"])
	}
	for _, says := range []string{`"sdg": {`, `"metric": "M10 rai_walk_high"`, `"budget": null`} {
		if !strings.Contains(files["manifest.json"], says) {
			t.Errorf("the manifest does not say %s:\n%s", says, files["manifest.json"])
		}
	}
	if again, same := accessTo(t, "--planned", plans); again != summary || fmt.Sprint(same) != fmt.Sprint(files) {
		t.Error("the same files give other bytes")
	}
	// What if, and other thresholds.
	if out := must(t, "", "access", "--network", pointFile(t, "valley.osm", valley), "--population", pointFile(t, "people.csv", valleyPeople), "--edits", "improve:road:2", "--json"); !strings.Contains(out, `"connected": 2`) || !json.Valid([]byte(out)) {
		t.Errorf("with the track improved: %s", out)
	}
}

// A plan keeps to its money, says what no plan can beat, and does what it says when its works are supposed.
func TestAccessPlan(t *testing.T) {
	const line = "id,name,cost,wkt\n" +
		"n,North,80,\"LINESTRING(1.50 42.50,1.50 42.51)\"\n" +
		"e,East,60,\"LINESTRING(1.52 42.50,1.53 42.51)\"\n" + // leads to nobody, but to f
		"f,Far,30,\"LINESTRING(1.53 42.51,1.53 42.52)\"\n" +
		"g,Gold,,\"LINESTRING(1.50 42.50,1.48 42.50)\"\n"
	people := valleyPeople[:strings.LastIndex(valleyPeople, ",")] + ",400\n"
	study := []string{"access", "--network", pointFile(t, "valley.osm", valley), "--population", pointFile(t, "people.csv", people), "--planned", pointFile(t, "plans.csv", line)}
	for _, c := range []struct {
		budget               string
		order                []string
		cost                 string
		persons, bound, then int
	}{
		{"170", []string{"e;f", "n"}, "170.00", 470, 470, 3},
		{"169.99", []string{"e;f"}, "90.00", 400, 470, 2},
		{"85", []string{"n"}, "80.00", 70, 470, 2},
		{"50", nil, "0.00", 0, 300, 1}, // 400 stand at f, 100 are connected: were f the largest part
	} {
		var out struct {
			Plan struct {
				Cost    json.Number
				Persons int
				Bound   int `json:"bound_persons"`
				Chosen  []struct{ IDs []string }
				Edits   string
			}
		}
		if err := json.Unmarshal([]byte(must(t, "", append(study, "--budget", c.budget, "--json")...)), &out); err != nil {
			t.Fatal(err)
		}
		var order []string
		for _, step := range out.Plan.Chosen {
			order = append(order, strings.Join(step.IDs, ";"))
		}
		if p := out.Plan; fmt.Sprint(order) != fmt.Sprint(c.order) || p.Cost.String() != c.cost || p.Persons != c.persons || p.Bound != c.bound {
			t.Errorf("--budget %s: %v in the order %v, want %+v", c.budget, p, order, c)
		}
		if built := must(t, "", append(study, "--edits", out.Plan.Edits)...); !strings.Contains(built, fmt.Sprintf("connected by all-season roads %d,", c.then)) {
			t.Errorf("--budget %s, then --edits %s: %s", c.budget, out.Plan.Edits, built)
		}
	}
	summary := must(t, "", append(study, "--budget", "170")...)
	for _, says := range []string{
		"1 of 4 planned roads have no cost", "plan within 170.00: 470 persons newly connected for 170.00; no plan connects more than 470 (gap 0)", "e East + f Far", "* with a cost of the table",
	} {
		if !strings.Contains(summary, says) {
			t.Errorf("the summary does not say %q:\n%s", says, summary)
		}
	}
}

// A raster of persons: no person is lost in rounding.
func TestAccessRaster(t *testing.T) {
	if _, err := exec.LookPath("gdal_translate"); err != nil && os.Getenv("QIANTU_SHARED") == "" {
		t.Skip("GDAL is not installed")
	}
	grid := "ncols 40\nnrows 20\nxllcorner 1.49\nyllcorner 42.495\ncellsize 0.001\nNODATA_value -9999\n" + strings.Repeat(strings.Repeat("0.3 ", 40)+"\n", 20)
	asc, tif := pointFile(t, "people.asc", grid), filepath.Join(t.TempDir(), "people.tif")
	if out, err := exec.Command("gdal_translate", "-q", "-a_srs", "EPSG:4326", asc, tif).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := t.TempDir()
	must(t, "", "access", "--network", pointFile(t, "valley.osm", valley), "--population", tif, "--out", dir)
	raw, err := os.ReadFile(filepath.Join(dir, "villages.csv"))
	if err != nil {
		t.Fatal(err)
	}
	persons, connected := 0.0, 0
	for _, row := range table(t, string(raw)) {
		persons += number(t, row["persons"])
		if row["verdict"] == "connected" {
			connected++
		}
	}
	if persons != 240 || connected < 20 {
		t.Errorf("%v persons of 240, %d cells connected", persons, connected)
	}
}

// Over the land of a terrain model walks take as long as it wants, and the manifest says which one it was.
func TestAccessOverTheLand(t *testing.T) {
	if _, err := exec.LookPath("gdal_translate"); err != nil && os.Getenv("QIANTU_SHARED") == "" {
		t.Skip("GDAL is not installed")
	}
	var steep strings.Builder
	steep.WriteString("ncols 60\nnrows 60\nxllcorner 1.485\nyllcorner 42.485\ncellsize 0.001\nNODATA_value -9999\n")
	for row := range 60 { // from the north: some 8 m down for every 10 m to the south
		steep.WriteString(strings.Repeat(fmt.Sprint(80*(60-row))+" ", 60) + "\n")
	}
	asc, tif := pointFile(t, "land.asc", steep.String()), filepath.Join(t.TempDir(), "land.tif")
	if out, err := exec.Command("gdal_translate", "-q", "-a_srs", "EPSG:4326", asc, tif).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	level, flat := accessTo(t)
	summary, files := accessTo(t, "--dem", tif)
	if !strings.Contains(level, "30 min on foot       100.00") || !strings.Contains(summary, "30 min on foot        45.45") {
		t.Errorf("level:\n%s\nover the land:\n%s", level, summary)
	}
	var m struct {
		Inputs []struct{ Role, SHA256 string }
		SDG    struct {
			Inputs struct {
				Walk    string
				Terrain *struct{ Source, SHA256 string }
			}
		}
	}
	if err := json.Unmarshal([]byte(files["manifest.json"]), &m); err != nil {
		t.Fatal(err)
	}
	is := m.SDG.Inputs
	if is.Walk != "terrain" || is.Terrain == nil || is.Terrain.Source != "land.tif" || m.Inputs[0].Role != "dem" || is.Terrain.SHA256 != m.Inputs[0].SHA256 {
		t.Errorf("the manifest says %+v", m)
	}
	if !strings.Contains(flat["manifest.json"], `"terrain": null`) {
		t.Errorf("without a model the manifest says %s", flat["manifest.json"])
	}
}

func TestAccessNonsense(t *testing.T) {
	roads, none, people := pointFile(t, "valley.osm", valley), pointFile(t, "none.osm", noRoads), pointFile(t, "people.csv", valleyPeople)
	sea := pointFile(t, "sea.csv", "id,lon,lat,persons\ns,0,0,10\nt,179.99,-89,5\n")
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"--network", none, "--population", people}, 0, "not reached 4"},
		{[]string{"--network", roads, "--population", sea}, 0, "not reached 2"},
		{[]string{"--network", roads, "--population", pointFile(t, "p.csv", "id,lon,lat\n")}, 1, "p.csv: error: the file holds no rows"},
		{[]string{"--network", roads, "--population", pointFile(t, "p.csv", "id,lon,lat\na,1,2\na,1,3\n")}, 1, "p.csv row 3 id: error: id a stands twice"},
		{[]string{"--network", roads, "--population", people, "--planned", pointFile(t, "r.csv", "id,wkt\nx,\"LINESTRING(1 2)\"\n")}, 1, "r.csv row 2 geometry"},
		{[]string{"--network", roads, "--population", pointFile(t, "p.tif", "II*\x00garbage")}, 1, "p.tif"},
		{[]string{"--network", roads, "--population", people, "--dem", pointFile(t, "land.tif", "II*\x00garbage")}, 1, "land.tif"},
		{[]string{"--network", roads, "--population", people, "--dem", "/nowhere/land.tif"}, 1, "land.tif"},
		{[]string{"--network", people, "--population", people}, 1, "rename"},
		{[]string{"--network", roads}, 2, "--population"},
		{[]string{"--network", roads, "--population", people, "--budget", "5"}, 2, "--planned"},
		{[]string{"--network", roads, "--population", people, "--budget", "2e12"}, 2, "--budget 2e+12"},
		{[]string{"--network", roads, "--population", people, "--budget", "-1"}, 2, "--budget -1"},
		{[]string{"--network", none, "--population", people, "--planned", pointFile(t, "plans.csv", valleyPlans), "--budget", "1000"}, 0, "plan within 1000.00"},
		{[]string{"--network", roads, "--population", people, "--edits", "close:road:99"}, 2, "road 99"},
		{[]string{"--network", roads, "--population", people, "--terrain", "moon"}, 2, "--terrain"},
	} {
		stdout, stderr, status := program(t, "", append([]string{"access"}, c.args...)...)
		said := stdout + stderr
		if status != c.status || !strings.Contains(said, c.says) || strings.Contains(said, "Inf") || strings.Contains(said, "NaN") || bytes.Contains([]byte(said), []byte("goroutine")) {
			t.Errorf("qiantu access %v: status %d\n%s", c.args, status, said)
		}
	}
}
