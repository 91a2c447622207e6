package geo

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// shared is a file of the data that comes with the project's tests.
func shared(t *testing.T, path ...string) string {
	t.Helper()
	root, set := os.LookupEnv("QIANTU_SHARED")
	if !set {
		root = "../../shared"
	}
	if _, err := os.Stat(root); err != nil {
		if set {
			t.Fatalf("QIANTU_SHARED: %v", err)
		}
		t.Skip("no shared data; set QIANTU_SHARED")
	}
	return filepath.Join(append([]string{root, "data"}, path...)...)
}

// geodTest is one line of Karney's test set.
type geodTest struct{ lat1, lon1, azi1, lat2, lon2, azi2, s12, a12, m12, S12 float64 }

func readGeodTest(t *testing.T) []geodTest {
	t.Helper()
	f, err := os.Open(shared(t, "crs", "GeodTest-100.dat"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []geodTest
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var v [10]float64
		for i, word := range strings.Fields(lines.Text()) {
			if v[i], err = strconv.ParseFloat(word, 64); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, geodTest{v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9]})
	}
	if len(out) != 100 {
		t.Fatalf("%d lines, want 100", len(out))
	}
	return out
}

func TestGeodTest(t *testing.T) {
	for _, g := range readGeodTest(t) {
		p, q := orb.Point{g.lon1, g.lat1}, orb.Point{g.lon2, g.lat2}
		for _, way := range [][2]orb.Point{{p, q}, {q, p}} {
			if got, _, _ := WGS84.Inverse(way[0], way[1]); math.Abs(got-g.s12) > 1e-6 {
				t.Errorf("%v to %v: %.9f m, want %.9f", way[0], way[1], got, g.s12)
			}
		}
		if got := WGS84.Direct(p, g.azi1, g.s12); distanceOn(WGS84, got, q) > 1e-6 {
			t.Errorf("direct from %v: %v, want %v", p, got, q)
		}
		// Near the antipodal point azimuth and area hang on the last digit of
		// the coordinates.
		if g.a12 > 179 {
			continue
		}
		_, a1, a2 := WGS84.Inverse(p, q)
		if math.Abs(a1-g.azi1)*g.m12 > 1e-4 || math.Abs(a2-g.azi2)*g.m12 > 1e-4 {
			t.Errorf("%v to %v: azimuths %v %v, want %v %v", p, q, a1, a2, g.azi1, g.azi2)
		}
		if got := WGS84.areaUnder(p, q); math.Abs(got-g.S12) > 5 {
			t.Errorf("%v to %v: area %.3f, want %.3f", p, q, got, g.S12)
		}
	}
}

func distanceOn(e *Ellipsoid, p, q orb.Point) float64 {
	d, _, _ := e.Inverse(p, q)
	return d
}

// The quarter meridian and the half equator are known in closed form.
func TestKnownArcs(t *testing.T) {
	for _, c := range []struct {
		name string
		p, q orb.Point
		want float64
	}{
		{"quarter meridian", orb.Point{105, 0}, orb.Point{105, 90}, 10001965.7293},
		{"pole to pole", orb.Point{105, -90}, orb.Point{-3, 90}, 20003931.4586},
		{"antipodes on the equator go over a pole", orb.Point{0, 0}, orb.Point{180, 0}, 20003931.4586},
		{"a quarter of the equator", orb.Point{0, 0}, orb.Point{90, 0}, 6378137 * math.Pi / 2},
		{"over the antimeridian", orb.Point{179.5, 0}, orb.Point{-179.5, 0}, 6378137 * math.Pi / 180},
		{"longitudes beyond it", orb.Point{179.5, 0}, orb.Point{180.5, 0}, 6378137 * math.Pi / 180},
		{"at a pole longitude is nothing", orb.Point{0, 90}, orb.Point{120, 90}, 0},
		{"same", orb.Point{104.7, 27.1}, orb.Point{104.7, 27.1}, 0},
	} {
		if got := distanceOn(WGS84, c.p, c.q); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("%s: %.4f m, want %.4f", c.name, got, c.want)
		}
	}
}

func TestNotMeasurable(t *testing.T) {
	ok := orb.Point{104.7, 27.1}
	for _, bad := range []orb.Point{{math.NaN(), 0}, {0, math.NaN()}, {math.Inf(1), 0}, {0, math.Inf(-1)}, {0, 90.5}} {
		if d := Distance(ok, bad); !math.IsNaN(d) {
			t.Errorf("Distance to %v = %v, want NaN", bad, d)
		}
		if p := WGS84.Direct(bad, 0, 1); !math.IsNaN(p[0]) {
			t.Errorf("Direct from %v = %v, want NaN", bad, p)
		}
	}
}

func BenchmarkDistance(b *testing.B) {
	p, q := orb.Point{104.72, 27.115}, orb.Point{104.7203, 27.1153}
	for b.Loop() {
		Distance(p, q)
	}
}
