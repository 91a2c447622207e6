package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/geo/route"
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

// checkDistances compares every place to every site with pgRouting: the shortest ways, the fastest, those that are left when
// roads are closed, and the nearest sites; driven in the directions that are allowed.
func checkDistances(t *testing.T, s *service, file string) {
	conn := s.sql(t)
	for i, p := range sites {
		if _, err := conn.Exec(t.Context(), `insert into qiantu.relocation_site (county, name, geom)
			values ($1, $2, ST_SetSRID(ST_Point($3, $4), 4490))`, andorra, fmt.Sprintf("site %d", i+1), p[0], p[1]); err != nil {
			t.Fatal(err)
		}
	}
	r := newReferee(t, conn, s.dir, file)
	asked := func(more ...string) [][]string {
		args := append([]string{"distances", "--from", "village", "--to", "relocation_site", "--region", andorra}, more...)
		records, err := csv.NewReader(strings.NewReader(must(t, s.dir, args...))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return records[1:]
	}
	shortest := r.ways(t, "metres", true, 1)
	agree(t, "shortest", asked("--metric", "m"), 3, shortest)
	if differ(shortest, r.ways(t, "metres", false, 1)) < 20 {
		t.Error("one-way roads make no difference: nothing is proven of them")
	}
	agree(t, "fastest", asked("--metric", "s"), 4, r.ways(t, "metres * 3.6 / kmh", true, 1.4))
	agreeNearest(t, asked("--nearest", "2"), shortest)

	edits := r.close(t)
	closed := r.ways(t, "metres", true, 1)
	if differ(shortest, closed) < 50 || len(closed) > len(shortest)-20 {
		t.Errorf("closing roads changes %d ways and leaves %d of %d", differ(shortest, closed), len(closed), len(shortest))
	}
	agree(t, "with roads closed", asked("--metric", "m", "--edits", edits), 3, closed)
}

// differ counts the pairs whose way is more than a hundredth longer, or gone.
func differ(a, b map[string]float64) int {
	n := 0
	for pair, cost := range a {
		if other, ok := b[pair]; !ok || math.Abs(cost-other) > cost/100 {
			n++
		}
	}
	return n
}

// agree holds every pair against the referee, one column of the table: reachable alike, and the same within a thousandth.
func agree(t *testing.T, what string, records [][]string, column int, referee map[string]float64) {
	t.Helper()
	if len(records) != 68*len(sites) {
		t.Fatalf("%s: %d rows of distances, want 68 places x %d sites", what, len(records), len(sites))
	}
	worst := 0.0
	for _, record := range records {
		want, ok := referee[record[0]+" "+record[1]]
		if ok != (record[column] != "") {
			t.Errorf("%s: %s to %s: %q, pgRouting says %v (reachable %v)", what, record[0], record[1], record[column], want, ok)
			continue
		}
		if !ok {
			continue
		}
		got := number(t, record[column])
		worst = max(worst, math.Abs(got-want)/want)
		if math.Abs(got-want) > want*0.001 {
			t.Errorf("%s: %s to %s: %.1f, pgRouting %.1f", what, record[0], record[1], got, want)
		}
	}
	t.Logf("%s: %d of %d pairs reachable, largest difference to pgRouting %.5f %%", what, len(referee), len(records), worst*100)
}

// agreeNearest holds the nearest two sites of every place against the two smallest distances of the referee.
func agreeNearest(t *testing.T, records [][]string, referee map[string]float64) {
	t.Helper()
	all := map[string][]float64{}
	for pair, cost := range referee {
		village, _, _ := strings.Cut(pair, " ")
		all[village] = append(all[village], cost)
	}
	rank := map[string]int{}
	for _, record := range records {
		village, k := record[0], rank[record[0]]
		rank[village]++
		slices.Sort(all[village])
		if record[3] == "" {
			if k < len(all[village]) {
				t.Errorf("%s has %d sites in reach, pgRouting finds %d", village, k, len(all[village]))
			}
			continue
		}
		got, own := number(t, record[3]), referee[village+" "+record[1]]
		if k >= len(all[village]) || math.Abs(got-all[village][k]) > got*0.001 || math.Abs(got-own) > got*0.001 {
			t.Errorf("number %d of %s is site %s at %.1f m, pgRouting has %v", k+1, village, record[1], got, all[village])
		}
	}
	if len(rank) != 68 || len(records) != 2*68 {
		t.Errorf("%d places with %d rows, want 68 with two each", len(rank), len(records))
	}
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

// referee is pgRouting on an edge table of its own: GDAL reads the file, SQL splits the lines where they share a vertex and sets
// the places on the nearest edges. None of our code takes part, but for the speeds of the roads.
type referee struct{ conn *pgx.Conn }

func newReferee(t *testing.T, conn *pgx.Conn, dir, file string) *referee {
	t.Helper()
	r := &referee{conn}
	r.exec(t, "create schema referee")
	out, err := exec.Command("ogr2ogr", "-f", "PostgreSQL", gdalDSN(t, dir), file, "lines", "-nln", "referee.way",
		"-where", "highway is not null", "-lco", "GEOMETRY_NAME=geom", "-lco", "FID=way",
		"-oo", "USE_CUSTOM_INDEXING=NO").CombinedOutput()
	if err != nil {
		t.Fatalf("ogr2ogr: %v\n%s", err, out)
	}
	for _, statement := range strings.Split(refereeSQL(t, "referee"), ";\n") {
		r.exec(t, statement)
	}
	r.loadSpeeds(t)
	r.exec(t, refereeSQL(t, "referee_spot"), andorra)
	return r
}

func refereeSQL(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".sql")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// exec runs a statement. $1 is put in as text: a statement that makes a table has no parameters.
func (r *referee) exec(t *testing.T, statement string, args ...string) {
	t.Helper()
	for i, a := range args {
		statement = strings.ReplaceAll(statement, fmt.Sprintf("$%d", i+1), "'"+a+"'")
	}
	if _, err := r.conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%v in\n%s", err, statement)
	}
}

// loadSpeeds gives every way the speed of docs/osm.md by its stored class and surface.
func (r *referee) loadSpeeds(t *testing.T) {
	t.Helper()
	rows, err := r.conn.Query(t.Context(), `select substr(r.code, 5), s.class, s.surface from qiantu.road r join qiantu.road_segment s on s.county = r.county and s.road = r.id
		where r.county = $1`, andorra)
	if err != nil {
		t.Fatal(err)
	}
	var speeds [][]any
	var way, class, surface string
	if _, err = pgx.ForEachRow(rows, []any{&way, &class, &surface}, func() error {
		if kmh := route.Speed(class, surface, route.Dry); kmh > 0 {
			speeds = append(speeds, []any{way, kmh})
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.conn.CopyFrom(t.Context(), pgx.Identifier{"referee", "speed"}, []string{"osm_id", "kmh"}, pgx.CopyFromRows(speeds)); err != nil {
		t.Fatal(err)
	}
}

// close closes every fifteenth of the greater roads, for the referee here and for us by the edits that are given back.
func (r *referee) close(t *testing.T) (edits string) {
	t.Helper()
	r.exec(t, `insert into referee.closed select distinct osm_id from (select distinct osm_id, row_number() over (order by osm_id) as n
		from referee.way where highway in ('primary', 'secondary')) w where n % 15 = 0`)
	r.exec(t, "drop table referee.spot")
	r.exec(t, refereeSQL(t, "referee_spot"), andorra)
	if err := r.conn.QueryRow(t.Context(), `select string_agg('close:road:' || r.id, ',') from qiantu.road r join referee.closed c on r.code = 'way/' || c.osm_id
		where r.county = $1`, andorra).Scan(&edits); err != nil {
		t.Fatal(err)
	}
	return edits
}

// ways finds the best ways from every place to every site.
func (r *referee) ways(t *testing.T, cost string, directed bool, access float64) map[string]float64 {
	t.Helper()
	rows, err := r.conn.Query(t.Context(), refereeSQL(t, "referee_cost"), cost, directed, access)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	var village, site int64
	var sum float64
	if _, err = pgx.ForEachRow(rows, []any{&village, &site, &sum}, func() error {
		out[fmt.Sprintf("%d %d", village, site)] = sum
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}
