package planner

import (
	"testing"

	"github.com/paulmach/orb"
)

// slope rises to the east by a share of the way.
type slope float64

// Height is that of a plane; a degree of longitude at 27 N is 99.4 km.
func (s slope) Height(p orb.Point) (float64, bool) { return (p[0] - 105) * 99_400 * float64(s), true }

// A footpath of 2 km is 23.8 minutes on the level, and so within the half
// hour; up a slope of 12 in 100 it is 36, down one 26. The
// walk is one way, from the village.
func TestRuralWalkGoesOverTheLand(t *testing.T) {
	for _, c := range []struct {
		rise slope // to the east, where the village is: going home is uphill
		want int64
		rule string
	}{{0.12, 100, "access/1 2026-1 terrain"}, {-0.12, 0, "access/1 2026-1 terrain"}} {
		sc := newScenario(t)
		for _, line := range []string{"grid 100", "|S---A-------------------v", "seat S", "road 1 SA", "road 2 Av class=path routable=no season=no", "village 1 v persons=100"} {
			sc.line = line
			sc.read(line)
		}
		sc.finish()
		a := Assess(sc.s)
		level := must(a.figure("rai_walk", "county"))
		if level.Numerator != 100 || level.Rule != "access/1 2026-1 level" {
			t.Errorf("level: %d, %s", level.Numerator, level.Rule)
		}
		hilly := *sc.s
		hilly.Heights = c.rise
		f := must(Assess(&hilly).figure("rai_walk", "county"))
		if f.Numerator != c.want || f.Rule != c.rule {
			t.Errorf("rise %v: %d, %s", c.rise, f.Numerator, f.Rule)
		}
	}
}
