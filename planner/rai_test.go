package planner

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
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

// A path at hand that leads round for 3 km is 36 minutes; straight across 1.2 km
// of fields it is 24. Whoever lives there takes the faster way on foot; along
// roads and paths it stays 3 km.
func TestRuralWalkIsTheFasterOne(t *testing.T) {
	for fields, want := range map[int]int64{12: 100, 16: 0} { // 32 minutes across 1.6 km
		sc := newScenario(t)
		lines := []string{"grid 100", "|S-------------------E"}
		for range fields - 1 {
			lines = append(lines, "|                    -")
		}
		lines = append(lines, "|  v-----------------F", "seat S", "road 1 SE", "road 2 EFv class=path routable=no season=no", "village 1 v persons=100")
		for _, line := range lines {
			sc.line = line
			sc.read(line)
		}
		sc.finish()
		a := Assess(sc.s)
		if walk, along := must(a.figure("rai_walk", "county")), must(a.figure("rai_network", "county")); walk.Numerator != want || along.Numerator != 0 {
			t.Errorf("%d00 m of fields: %d within half an hour, want %d; %d within 2 km of road and path", fields, walk.Numerator, want, along.Numerator)
		}
	}
}

// Nobody is longer on the way than straight across country to the nearest
// all-season road.
func TestRuralWalkIsNoLongerThanAcross(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSparse(rt)
		if rapid.Bool().Draw(rt, "hilly") {
			s.Heights = slope(rapid.Float64Range(-0.3, 0.3).Draw(rt, "rise"))
		}
		a := Assess(s)
		for _, sure := range []Ternary{Yes, Unknown} {
			st := a.newStroll(sure)
			for i := range a.Villages {
				at, ok := a.net.graph.Snap(a.Villages[i].Village.Point, metres(s.Rules.SnapMaxMM), st.goal)
				if !ok {
					continue
				}
				_, ms := st.from(i)
				across := geo.Walk(orb.LineString{a.Villages[i].Village.Point, at.Point}, s.Heights, geo.OffPath).Out
				if ms > across {
					rt.Fatalf("village %d walks %d ms, straight across it is %d", i+1, ms, across)
				}
			}
		}
	})
}
