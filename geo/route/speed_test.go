package route_test

import (
	"testing"

	"github.com/qiantu/qiantu/geo/route"
)

func TestSpeed(t *testing.T) {
	for _, c := range []struct {
		class, surface, season string
		want                   float64
	}{
		{route.Class2, route.SurfaceAsphalt, route.Dry, 50},
		{route.Class3, route.SurfaceCement, route.Wet, 35},
		{route.Class4, route.SurfaceCement, route.Dry, 20},
		{route.ClassSubstandard, route.SurfaceCement, route.Dry, 15},
		{route.ClassSubstandard, route.SurfaceGravel, route.Dry, 12},
		{route.ClassSubstandard, route.SurfaceEarth, route.Dry, 8},
		{route.ClassSubstandard, route.SurfaceEarth, route.Wet, 0},
		{route.ClassPrimary, "", "", 60},
		{route.ClassPrimary, route.SurfaceEarth, route.Dry, 15},
		{route.ClassPrimary, route.SurfaceEarth, route.Wet, 0},
		{route.ClassTrack, route.SurfaceUnknown, route.Dry, 10},
		{route.ClassPath, route.SurfaceAsphalt, route.Dry, 0},
		{"no such class", route.SurfaceAsphalt, route.Dry, 0},
	} {
		if got := route.Speed(c.class, c.surface, c.season); got != c.want {
			t.Errorf("%s, %s, %s: %v km/h, want %v", c.class, c.surface, c.season, got, c.want)
		}
	}
}

// No road is faster when wet, none faster on a worse surface.
func TestSpeedsFall(t *testing.T) {
	worse := []string{route.SurfaceAsphalt, route.SurfaceCement, route.SurfacePaved, route.SurfaceGravel, route.SurfaceStone, route.SurfaceEarth}
	for class, kmh := range route.Classes() {
		if kmh <= 0 {
			t.Errorf("%s has the speed %v", class, kmh)
		}
		for i, surface := range worse {
			dry, wet := route.Speed(class, surface, route.Dry), route.Speed(class, surface, route.Wet)
			if wet > dry || i > 0 && dry > route.Speed(class, worse[i-1], route.Dry) {
				t.Errorf("%s on %s: %v dry, %v wet", class, surface, dry, wet)
			}
		}
	}
}
