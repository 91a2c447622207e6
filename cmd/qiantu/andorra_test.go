package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

const andorra = "osm:andorra-2025-01-19"

// sites are five places of the valley where people might be settled; chosen on and off the road, high and low.
var sites = [][2]float64{{1.5218, 42.5075}, {1.4633, 42.4637}, {1.5790, 42.5680}, {1.7330, 42.5430}, {1.4850, 42.5560}}

// TestAndorra: a real extract beside the demo machinery: kilometres by class, places near a road, and distances that
// agree with pgRouting on an edge table made by GDAL and SQL alone.
func TestAndorra(t *testing.T) {
	shared := clustertest.Shared(t)
	file := filepath.Join(shared, "data", "osm", "andorra-2025-01-19.osm.pbf")
	dir := dataDir(t)
	s := start(t, dir, "serve")
	defer s.stop()
	must(t, dir, "import", "osm", file)
	t.Run("kilometres", func(t *testing.T) { checkKilometres(t, shared, reportCSV(t, dir, "completion", andorra)) })
	t.Run("coverage", func(t *testing.T) {
		checkCoverage(t, shared, reportCSV(t, dir, "coverage", andorra, "--within", "100,500,1000,2000", "--class", "tertiary+"))
	})
	t.Run("distances", func(t *testing.T) { checkDistances(t, s, file) })
}

type expected struct {
	Ways       map[string]int     `json:"highway_ways"`
	Kilometres map[string]float64 `json:"highway_length_km_wgs84_geodesic"`
	Places     int                `json:"places_town_village_hamlet"`
	Within     map[string]float64 `json:"places_within_m_of_a_tertiary_or_better_road_straight_line"`
}

func expectations(t *testing.T, shared string) expected {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(shared, "data", "osm", "andorra-expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var e expected
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func checkKilometres(t *testing.T, shared string, rows map[string]row) {
	want := expectations(t, shared)
	for class, km := range want.Kilometres {
		r, ok := rows["C08 road_length class:"+class]
		if !ok {
			t.Errorf("no kilometres of class %s", class)
			continue
		}
		if got := number(t, r["value"]); math.Abs(got-km) > km*0.001 {
			t.Errorf("class %s has %.3f km, want %.3f within 0.1 %%", class, got, km)
		}
	}
	if r := rows["M02 completion_rate "+andorra]; r == nil || r["value"] != "" {
		t.Errorf("completion without a programme is %v, want a row without a value", r)
	}
}

func checkCoverage(t *testing.T, shared string, rows map[string]row) {
	want := expectations(t, shared)
	for metres, count := range want.Within {
		r := rows["C20 villages_within_"+metres+" class:tertiary+"]
		if r == nil || number(t, r["value"]) != count {
			t.Errorf("places within %s m of a tertiary or better road: %v, want %v", metres, r, count)
		}
	}
	if r := rows["C10 villages "+andorra]; r == nil || number(t, r["value"]) != float64(want.Places) {
		t.Errorf("villages: %v, want %d", r, want.Places)
	}
}

// checkDistances compares every place to every site with pgRouting.
func checkDistances(t *testing.T, s *service, file string) {
	conn := s.sql(t)
	for i, p := range sites {
		if _, err := conn.Exec(t.Context(), `insert into qiantu.relocation_site (county, name, geom)
			values ($1, $2, ST_SetSRID(ST_Point($3, $4), 4490))`, andorra, fmt.Sprintf("site %d", i+1), p[0], p[1]); err != nil {
			t.Fatal(err)
		}
	}
	records, err := csv.NewReader(strings.NewReader(must(t, s.dir, "distances", "--from", "village", "--to", "relocation_site",
		"--region", andorra, "--metric", "m"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	referee := pgRouting(t, conn, s.dir, file)
	if len(records) != 68*len(sites)+1 {
		t.Fatalf("%d rows of distances, want 68 places x %d sites", len(records)-1, len(sites))
	}
	worst, reached := 0.0, 0
	for _, record := range records[1:] {
		want, ok := referee[record[0]+" "+record[1]]
		if !ok != (record[3] == "") {
			t.Errorf("%s to %s: %q metres, pgRouting says %v (reachable %v)", record[0], record[1], record[3], want, ok)
			continue
		}
		if !ok {
			continue
		}
		got := number(t, record[3])
		worst, reached = max(worst, math.Abs(got-want)/want), reached+1
		if math.Abs(got-want) > want*0.001 {
			t.Errorf("%s to %s: %.1f m, pgRouting %.1f m", record[0], record[1], got, want)
		}
	}
	if reached < 300 {
		t.Errorf("only %d of %d pairs are reachable", reached, len(records)-1)
	}
	t.Logf("%d pairs, largest difference to pgRouting %.5f %%", reached, worst*100)
}

// gdalDSN is the connection string in the form that GDAL reads.
func gdalDSN(t testing.TB, dir string) string {
	t.Helper()
	config, err := pgx.ParseConfig(dsn(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("PG:host=%s port=%d user=%s dbname=%s", config.Host, config.Port, config.User, config.Database)
}

// pgRouting makes its own edge table: GDAL reads the file, SQL splits the lines where they share a vertex, pgRouting finds
// the ways between points set on the nearest edges. None of our code takes part.
func pgRouting(t *testing.T, conn *pgx.Conn, dir, file string) map[string]float64 {
	t.Helper()
	if _, err := conn.Exec(t.Context(), "create schema referee"); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ogr2ogr", "-f", "PostgreSQL", gdalDSN(t, dir), file, "lines", "-nln", "referee.way",
		"-where", "highway is not null", "-lco", "GEOMETRY_NAME=geom", "-lco", "FID=way",
		"-oo", "USE_CUSTOM_INDEXING=NO").CombinedOutput()
	if err != nil {
		t.Fatalf("ogr2ogr: %v\n%s", err, out)
	}
	raw, err := os.ReadFile("testdata/referee.sql")
	if err != nil {
		t.Fatal(err)
	}
	statements := strings.Split(strings.ReplaceAll(string(raw), ":county", "'"+andorra+"'"), ";\n")
	for _, statement := range statements[:len(statements)-1] {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%v in\n%s", err, statement)
		}
	}
	rows, err := conn.Query(t.Context(), statements[len(statements)-1])
	if err != nil {
		t.Fatal(err)
	}
	metres := map[string]float64{}
	var village, site int64
	var m float64
	_, err = pgx.ForEachRow(rows, []any{&village, &site, &m}, func() error {
		metres[fmt.Sprintf("%d %d", village, site)] = m
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return metres
}
