package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
	"github.com/qiantu/qiantu/data/ingest"
	"github.com/qiantu/qiantu/geo/osm"
	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// pointFile writes points as a table.
func pointFile(t testing.TB, name, rows string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func extract(t testing.TB, name string) (string, *osm.Extract) {
	t.Helper()
	path := filepath.Join(clustertest.Shared(t), "data", "osm", name)
	x, err := osm.Read(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return path, x
}

// placesFile writes the places of an extract with their node numbers.
func placesFile(t testing.TB, x *osm.Extract) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("id,lon,lat\n")
	for _, p := range x.Places {
		fmt.Fprintf(&b, "node/%d,%.7f,%.7f\n", p.NodeID, p.Point[0], p.Point[1])
	}
	return pointFile(t, "places.csv", b.String())
}

func siteRows() string {
	rows := "id,lon,lat\n"
	for i, p := range sites {
		rows += fmt.Sprintf("site %d,%v,%v\n", i+1, p[0], p[1])
	}
	return rows
}

// The distances of a file are those of the same file in the store, to the millimetre and the millisecond.
func TestRouteIsDistances(t *testing.T) {
	path, x := extract(t, "andorra-2025-01-19.osm.pbf")
	roads, segments, _ := planner.RoadsOfOSM(x.Roads)
	s := &planner.Snapshot{Region: planner.Region{Code: andorra}, Roads: roads, Segments: segments, Villages: planner.VillagesOfOSM(x.Places), Rules: planner.DefaultRules()}
	s.Rules.SnapMaxMM = 2_000_000
	for i, p := range sites {
		s.Sites = append(s.Sites, planner.Site{ID: planner.ID(i + 1), Gate: orb.Point(p)})
	}
	a := planner.Assess(s)
	from, to := placesFile(t, x), pointFile(t, "sites.csv", siteRows())
	for _, c := range []struct {
		metric, season string
		nearest        int
	}{{"m", "dry", 0}, {"m", "dry", 1}, {"s", "wet", 2}} {
		command := []string{"route", "matrix"}
		if c.nearest > 0 {
			command = []string{"route", "nearest", "--nearest", fmt.Sprint(c.nearest)}
		}
		got := strings.Split(strings.TrimSpace(must(t, "", append(command, "--network", path, "--from", from, "--to", to, "--metric", c.metric, "--season", c.season)...)), "\n")[1:]
		rows, err := a.Distances(planner.DistanceOptions{Metric: c.metric, Season: c.season, Nearest: c.nearest})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, r := range rows {
			want = append(want, fmt.Sprintf("node/%d,site %d,%s,%s,%s", x.Places[r.From-1].NodeID, r.To, thousandths(&r.StraightMM), thousandths(r.MM), thousandths(r.MS)))
		}
		if c.nearest == 0 { // one lists by the file, the other by distance
			slices.Sort(want)
			slices.Sort(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: %s", c, firstDifference(got, want))
		}
	}
}

// A matrix that goes through a hierarchy has the same bytes as one without.
func TestRouteThroughAHierarchy(t *testing.T) {
	_, x := extract(t, "andorra-2025-01-19.osm.pbf")
	_, segments, _ := planner.RoadsOfOSM(x.Roads)
	rules := planner.DefaultRules()
	g, open := planner.DriveNetwork(segments, &rules, route.Dry)
	net, points := &network{Graph: g, open: open, metric: route.ByTime}, &placed{}
	for _, p := range x.Places {
		if s, ok := g.Snap(p.Point, 2000, open); ok {
			points.at, points.snaps = append(points.at, len(points.points)), append(points.snaps, s)
			points.points = append(points.points, ingest.Point{ID: fmt.Sprint(p.NodeID), At: p.Point})
		}
	}
	matrix := func() string {
		var out bytes.Buffer
		rows := newRouteRows(&out, points.points, points.points, false)
		if err := errors.Join(allPairs(t.Context(), net, points, points, rows, func(int, int) {}), rows.end()); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	plain, dir := matrix(), t.TempDir()
	net.keeper = route.NewKeeper(dir, 1, func(err error) { t.Error(err) })
	defer net.keeper.Close()
	first := matrix()
	net.keeper.Wait()
	if made, err := os.ReadDir(dir); err != nil || len(made) != 1 {
		t.Fatalf("%v hierarchies were made: %v", made, err)
	}
	if first != plain || matrix() != plain {
		t.Error("another matrix")
	}
}

func firstDifference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("row %d is %q, want %q", i+1, got[i], want[i])
		}
	}
	return fmt.Sprintf("%d rows, want %d", len(got), len(want))
}

// noRoads is an extract in which nothing drives.
const noRoads = `<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="42.5" lon="1.5"/><node id="2" lat="42.501" lon="1.5"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="footway"/></way></osm>`

// oneRoad is a single road of 111 m, driven northward only.
const oneRoad = `<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="42.5" lon="1.5"/><node id="2" lat="42.501" lon="1.5"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="oneway" v="yes"/></way></osm>`

// Nonsense has defined answers.
func TestRouteNonsense(t *testing.T) {
	none, one := pointFile(t, "none.osm", noRoads), pointFile(t, "one.osm", oneRoad)
	on := pointFile(t, "on.csv", "id,lon,lat\n\"a,\"\"b\",1.5,42.5\nnorth,1.5,42.501\n")
	off := pointFile(t, "off.csv", "id,lon,lat\nsea,0,0\nnear,1.5005,42.5005\n")
	for _, c := range []struct {
		args   string
		status int
		out    string // the whole of it
		says   string // on standard error
	}{
		{"matrix --network NONE --from ON --to ON", 0, "from,to,straight_m,m,s\n\"a,\"\"b\",\"a,\"\"b\",0.000,,\n\"a,\"\"b\",north,111.083,,\nnorth,\"a,\"\"b\",111.083,,\nnorth,north,0.000,,\n", "no road in it that can be driven"},
		{"matrix --network ONE --from ON --to ON --snap-max 0", 0, "from,to,straight_m,m,s\n\"a,\"\"b\",\"a,\"\"b\",0.000,0.000,0.000\n\"a,\"\"b\",north,111.083,111.083,6.665\nnorth,\"a,\"\"b\",111.083,,\nnorth,north,0.000,0.000,0.000\n", ""},
		{"nearest --network ONE --from OFF --to ON", 0, "from,to,straight_m,m,s\nsea,\"a,\"\"b\",4709575.191,,\nnear,north,69.094,96.640,32.688\n", "1 of 2 points are farther than 2000 m from any road that can be driven and reach nothing: sea"},
		{"nearest --network ONE --from OFF --to ON --nearest 9 --snap-max 0 --json", 0, `{"rows":[
{"from":"sea","to":"a,\"b","straight_m":4709575.191,"m":null,"s":null},
{"from":"sea","to":"north","straight_m":4709686.190,"m":null,"s":null},
{"from":"near","to":"north","straight_m":69.094,"m":null,"s":null},
{"from":"near","to":"a,\"b","straight_m":69.094,"m":null,"s":null}
]}
`, "2 of 2 points"},
		{"nearest --network ONE --from OFF --to ON --snap-max 10000000 --metric s", 0, "", ""},
		{"nearest --network ONE --from OFF --to ON --speeds SLOW", 0, "from,to,straight_m,m,s\nsea,\"a,\"\"b\",4709575.191,,\nnear,north,69.094,96.640,36.021\n", ""},
		{"matrix --network ONE --from ON --to ON --speeds ON", 1, "", "on.csv: "},
		{"matrix --network ONE --from ON --to ON --terrain moon", 2, "", "--terrain"},
		{"matrix --network ONE --from ON --to NOWHERE", 1, "", "nowhere.csv cannot be read"},
		{"matrix --network NOWHERE --from ON --to ON", 1, "", "no such file"},
		{"matrix --network ON --from ON --to ON", 1, "", "rename"},
		{"matrix --network ONE --from ON --to TWICE", 1, "", "twice.csv row 3 id: error: id x stands twice in the file, first in row 2; mend: remove one"},
		{"matrix --network ONE --from ON --to ON --snap-max -1", 2, "", "--snap-max"},
		{"matrix --network ONE --from ON --to ON --snap-max NaN", 2, "", "--snap-max"},
		{"nearest --network ONE --from ON --to ON --nearest 0", 2, "", "--nearest"},
		{"matrix --network ONE --from ON --to ON --crs EPSG:4547", 2, "", "project the file first"},
		{"walk --network ONE --from ON --to ON", 2, "", "matrix or nearest"},
		{"matrix --from ON --to ON", 2, "", "--network"},
	} {
		args := strings.Fields("route " + strings.NewReplacer("NONE", none, "ONE", one, "ON", on, "OFF", off, "NOWHERE", "/tmp/nowhere.csv",
			"SLOW", pointFile(t, "slow.csv", "class,kmh\nprimary,30\n"), "TWICE", pointFile(t, "twice.csv", "id,lon,lat\nx,1,2\nx,1,3\n")).Replace(c.args))
		stdout, stderr, status := program(t, "", args...)
		if status != c.status || c.out != "" && stdout != c.out || !strings.Contains(stderr, c.says) || strings.Contains(stdout, "Inf") || strings.Contains(stderr, "goroutine") {
			t.Errorf("qiantu %s: status %d\n%s%s", c.args, status, stdout, stderr)
		}
		if strings.Contains(c.args, "--json") && !json.Valid([]byte(stdout)) {
			t.Errorf("no JSON: %s", stdout)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(must(t, "", "route", "nearest", "--network", one, "--from", off, "--to", on, "--snap-max", "5000000"))).ReadAll()
	if err != nil || rows[1][3] == "" || number(t, rows[1][3]) < 4_700_000 {
		t.Errorf("with a snap of 5,000 km: %v %v", rows, err)
	}
}
