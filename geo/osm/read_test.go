package osm_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/osm"
)

// shared is a file of the data that comes with the project's tests.
func shared(t *testing.T, path ...string) string {
	t.Helper()
	root, set := os.LookupEnv("QIANTU_SHARED")
	if !set {
		root = "../../../shared"
	}
	if _, err := os.Stat(root); err != nil {
		if set {
			t.Fatalf("QIANTU_SHARED: %v", err)
		}
		t.Skip("no shared data; set QIANTU_SHARED")
	}
	return filepath.Join(append([]string{root, "data"}, path...)...)
}

func read(t *testing.T, file string) *osm.Extract {
	t.Helper()
	x, err := osm.Read(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// expected is what other programs found in the file.
type expected struct {
	Ways    map[string]int     `json:"highway_ways"`
	Km      map[string]float64 `json:"highway_length_km_wgs84_geodesic"`
	Places  int                `json:"places_town_village_hamlet"`
	Within  map[string]int     `json:"places_within_m_of_a_tertiary_or_better_road_straight_line"`
	Farther [][2]any           `json:"farthest_places_m"`
}

func TestAndorra(t *testing.T) {
	text, err := os.ReadFile(shared(t, "osm", "andorra-expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want expected
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	x := read(t, shared(t, "osm", "andorra-2025-01-19.osm.pbf"))
	if len(x.Roads) != 7763 || len(x.Skipped) != 0 {
		t.Errorf("%d roads, %v skipped; want 7763 and none", len(x.Roads), x.SkippedBy())
	}
	if at := "2025-01-19T21:21:36Z"; x.Timestamp.Format(time.RFC3339) != at {
		t.Errorf("data of %v, want %v", x.Timestamp, at)
	}
	ways, length := map[string]int{}, map[string]geo.Millimetre{}
	for _, r := range x.Roads {
		if _, listed := want.Ways[r.Highway]; listed {
			ways[r.Highway]++
			length[r.Highway] += geo.Length(r.Line)
		}
	}
	if diff := cmp.Diff(want.Ways, ways); diff != "" {
		t.Errorf("ways by class (-want +got):\n%s", diff)
	}
	for class, km := range want.Km {
		if got := length[class].Kilometres(); math.Abs(got-km)/km > 0.001 {
			t.Errorf("%s: %.3f km, want %.3f", class, got, km)
		}
	}
	places := map[string]int{}
	for _, p := range x.Places {
		places[p.Place]++
	}
	if diff := cmp.Diff(map[string]int{"town": 7, "village": 34, "hamlet": 27}, places); diff != "" || len(x.Places) != want.Places {
		t.Errorf("%d places, want %d (-want +got):\n%s", len(x.Places), want.Places, diff)
	}
	checkWithin(t, x, want)
}

// checkWithin compares how near places are to a tertiary road or better.
func checkWithin(t *testing.T, x *osm.Extract, want expected) {
	var lines []orb.LineString
	for _, r := range x.Roads {
		if osm.AtLeast(r.Highway, "tertiary") {
			lines = append(lines, r.Line)
		}
	}
	index, far := geo.NewLineIndex(lines), map[string]float64{}
	within := map[string]int{"100": 0, "500": 0, "1000": 0, "2000": 0}
	limits := map[string]float64{"100": 100, "500": 500, "1000": 1000, "2000": 2000}
	for _, p := range x.Places {
		d := index.Nearest(p.Point, 1)[0].Metres
		far[p.Name] = d
		for name, limit := range limits {
			if d <= limit {
				within[name]++
			}
		}
	}
	if diff := cmp.Diff(want.Within, within); diff != "" {
		t.Errorf("places within metres of a tertiary road or better (-want +got):\n%s", diff)
	}
	for _, place := range want.Farther {
		name, metres := place[0].(string), place[1].(float64)
		// Measured there on a projection, whose scale is off by up to 0.1 %.
		if got := far[name]; math.Abs(got-metres)/metres > 0.0015 {
			t.Errorf("%s is %.1f m from a road, want %.1f", name, got, metres)
		}
	}
}

func TestShenzhen(t *testing.T) {
	x := read(t, shared(t, "osm", "shenzhen-henggang-2019.osm"))
	found := false
	for _, r := range x.Roads {
		if r.WayID == 42689591 {
			found = true
			if r.Name != "水官高速" || r.NameEN != "Shuiguan Expressway" || r.Ref != "S28" || r.Oneway != 1 || r.Highway != "motorway" || len(r.Line) != 20 || len(r.Nodes) != 20 {
				t.Errorf("got %+v", r)
			}
		}
		if len(r.Line) != len(r.Nodes) || len(r.Line) < 2 {
			t.Fatalf("way %d has %d vertices and %d nodes", r.WayID, len(r.Line), len(r.Nodes))
		}
	}
	if !found {
		t.Error("no way 42689591")
	}
	if !x.Timestamp.IsZero() {
		t.Errorf("a time that the file does not give: %v", x.Timestamp)
	}
}

const small = `<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="27.1" lon="105.1"/>
 <node id="2" lat="27.2" lon="105.1"/>
 <node id="3" lat="27.3" lon="105.1"><tag k="place" v="hamlet"/><tag k="name" v="水塘, 100%=a b@c&#10;d"/><tag k="population" v="123"/></node>
 <node id="4" lat="27.3" lon="105.2"><tag k="place" v="village"/><tag k="name:en" v="Ping"/><tag k="population" v="about 50"/></node>
 <node id="5" lat="27.3" lon="105.2"><tag k="place" v="locality"/></node>
 <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="track"/><tag k="tracktype" v="grade4"/><tag k="width" v="3.5 m"/></way>
 <way id="11"><nd ref="1"/><nd ref="99"/><tag k="highway" v="primary"/></way>
 <way id="12"><nd ref="1"/><tag k="highway" v="primary"/></way>
 <way id="13"><nd ref="1"/><nd ref="2"/><tag k="waterway" v="river"/></way>
 <way id="14"><nd ref="2"/><nd ref="1"/><tag k="highway" v="tertiary"/><tag k="junction" v="roundabout"/><tag k="access" v="yes"/><tag k="motor_vehicle" v="no"/><tag k="bridge" v="yes"/><tag k="surface" v="concrete"/></way>
</osm>`

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSmall(t *testing.T) {
	hundred := 123
	want := &osm.Extract{
		Roads: []osm.Road{
			{WayID: 10, Highway: "track", Line: orb.LineString{{105.1, 27.1}, {105.1, 27.2}, {105.1, 27.3}}, Nodes: []int64{1, 2, 3},
				Surface: osm.Earth, Width: 3.5, AllSeason: osm.AllSeasonNo},
			{WayID: 14, Highway: "tertiary", Line: orb.LineString{{105.1, 27.2}, {105.1, 27.1}}, Nodes: []int64{2, 1},
				Surface: osm.Cement, SurfaceTag: "concrete", Oneway: 1, Access: "no", Bridge: true, AllSeason: osm.AllSeasonYes},
		},
		Places: []osm.Place{
			{NodeID: 3, Name: "水塘, 100%=a b@cd", Place: "hamlet", Population: &hundred, Point: orb.Point{105.1, 27.3}},
			{NodeID: 4, Name: "Ping", NameEN: "Ping", Place: "village", Point: orb.Point{105.2, 27.3}},
		},
		Skipped: []osm.Skip{{Kind: "way", ID: 12, Reason: osm.TooFewNodes}, {Kind: "way", ID: 11, Reason: osm.MissingNodes}},
	}
	got := read(t, write(t, "small.osm", small))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got.Roads[1].Routable() || !got.Roads[0].Routable() {
		t.Error("routable where motor vehicles may not go, or the reverse")
	}
}

// convert writes the small file in another form, with osmium itself.
func convert(t *testing.T, form, name string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	cmd := exec.Command("osmium", "cat", "--output-format="+form, "--output="+out, write(t, "small.osm", small))
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("osmium: %v: %s", err, text)
	}
	return out
}

// Nodes that are not packed are rare and legal.
func TestPlainNodes(t *testing.T) {
	want := read(t, write(t, "small.osm", small))
	for _, form := range []string{"pbf,pbf_dense_nodes=false", "pbf,pbf_dense_nodes=true", "pbf,pbf_compression=none"} {
		if diff := cmp.Diff(want, read(t, convert(t, form, "small.osm.pbf"))); diff != "" {
			t.Errorf("as %s (-xml +pbf):\n%s", form, diff)
		}
	}
}

func TestHistoryIsRefused(t *testing.T) {
	file := convert(t, "osh.pbf", "small.osm.pbf")
	if _, err := osm.Read(context.Background(), file); err == nil || !strings.Contains(err.Error(), "time-filter") {
		t.Errorf("a history: %v", err)
	}
}

// Eight readers at once do not disturb each other.
func TestReadersAtOnce(t *testing.T) {
	file := write(t, "small.osm", small)
	want := read(t, file)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := osm.Read(context.Background(), file)
			if err != nil || !cmp.Equal(want, got) {
				t.Errorf("%v, %+v", err, got)
			}
		})
	}
	wg.Wait()
}

func TestBadFiles(t *testing.T) {
	pbf, err := os.ReadFile(shared(t, "osm", "andorra-2025-01-19.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	garbage := make([]byte, 5000)
	rand.New(rand.NewSource(1)).Read(garbage)
	flipped := append([]byte{}, pbf[:400_000]...)
	for i := 5000; i < len(flipped); i += 997 {
		flipped[i] ^= 0xff
	}
	for _, c := range []struct{ name, text, mend string }{
		{"cut.osm.pbf", string(pbf[:1_500_000]), "download it again"},
		{"garbage.osm.pbf", string(garbage), "download it again"},
		{"flipped.osm.pbf", string(flipped), "download it again"},
		{"empty.osm.pbf", "", "empty"},
		{"cut.osm", small[:700], "download it again"},
		{"html.osm", "<html><body>404</body></html>", "download it again"},
		{"pbf-as-xml.osm", string(pbf[:9999]), "download it again"},
		{"roads.shp", "x", ".osm.pbf"},
		{"latitude.osm", `<osm version="0.6"><node id="1" version="1" lat="1" lon="1"/><node id="1" version="2" lat="abc" lon="1"/></osm>`, "download it again"},
	} {
		file := write(t, c.name, c.text)
		x, err := osm.Read(context.Background(), file)
		if err == nil {
			t.Errorf("%s: read as %d roads", c.name, len(x.Roads))
			continue
		}
		if !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), c.mend) {
			t.Errorf("%s: error %q names not the file or not the mend (%s)", c.name, err, c.mend)
		}
		if x != nil {
			t.Errorf("%s: an extract beside the error", c.name)
		}
	}
	if _, err := osm.Read(context.Background(), filepath.Join(t.TempDir(), "none.osm.pbf")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := osm.Read(context.Background(), t.TempDir()); err == nil {
		t.Error("a directory was read")
	}
}

func TestLimits(t *testing.T) {
	file := shared(t, "osm", "andorra-2025-01-19.osm.pbf")
	little := osm.DefaultLimits
	little.Memory = 30 << 20
	if _, err := osm.ReadWithin(context.Background(), file, little); err == nil {
		t.Error("read within 30 MB of address space")
	}
	short := osm.DefaultLimits
	short.Wall = time.Millisecond
	if _, err := osm.ReadWithin(context.Background(), file, short); err == nil || !strings.Contains(err.Error(), "1ms") {
		t.Errorf("in one millisecond: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := osm.Read(ctx, file); err == nil {
		t.Error("read after it was cancelled")
	}
}
