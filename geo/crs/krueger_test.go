package crs

import (
	"errors"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
)

// TestKruegerIsPROJ compares with PROJ, through GDAL, in three zones.
func TestKruegerIsPROJ(t *testing.T) {
	for _, lon := range []float64{75.2, 104.7, 135.9} {
		zone, err := ZoneOf(lon)
		if err != nil {
			t.Fatal(err)
		}
		var in strings.Builder
		var points []orb.Point
		for _, d := range [][2]float64{{0, 27}, {-1.4, 18.2}, {1.3, 53.5}, {0.7, 0}, {-0.2, -33}} {
			p := orb.Point{float64(zone.Meridian) + d[0], d[1]}
			points = append(points, p)
			fmt.Fprintf(&in, "%.12f %.12f\n", p[0], p[1])
		}
		cmd := exec.Command("gdaltransform", "-output_xy", "-s_srs", "+proj=longlat +ellps=GRS80 +no_defs", "-t_srs",
			fmt.Sprintf("+proj=tmerc +lon_0=%d +k=1 +x_0=500000 +ellps=GRS80 +no_defs", zone.Meridian))
		cmd.Stdin = strings.NewReader(in.String())
		out, err := cmd.Output()
		if errors.Is(err, exec.ErrNotFound) {
			t.Skip("no GDAL")
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			var x, y float64
			if _, err := fmt.Sscan(line, &x, &y); err != nil {
				t.Fatal(line, err)
			}
			got := Krueger(zone.Meridian).Forward(points[i])
			if math.Hypot(got[0]-x, got[1]-y) > 1e-3 {
				t.Errorf("%v: %v, PROJ says %v %v", points[i], got, x, y)
			}
		}
	}
}

// TestKrueger: there and back, and a length on the map is the length on the earth but for the scale of the zone.
func TestKrueger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := Krueger(rapid.Float64Range(-180, 180).Draw(t, "meridian"))
		p := orb.Point{float64(k) + rapid.Float64Range(-1.5, 1.5).Draw(t, "lon"), rapid.Float64Range(-80, 80).Draw(t, "lat")}
		at := k.Forward(p)
		back := k.Inverse(at)
		if math.Abs(back[0]-p[0])+math.Abs(back[1]-p[1]) > 1e-9 {
			t.Fatalf("%v comes back as %v", p, back)
		}
		q := k.Inverse(orb.Point{at[0] + 300, at[1] + 400})
		true_ := geo.Distance(p, q)
		if ratio := 500 / true_; ratio < 0.999999 || ratio > 1.00036 {
			t.Fatalf("500 m on the map are %g m at %v", true_, p)
		}
	})
}
